import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { createProgram } from '@selfheal/cli';
import { beats, ERRORS, selfhealConfig } from '@selfheal/contracts';
import { formatDiagnostic, readSequence } from '@selfheal/sequences';
import type { Command } from 'commander';
import { ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { type Page, readPage, readPages } from './read-pages.ts';
import { referencePages } from './write-reference.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = readPages(ROOT);

describe('the reference', () => {
  const pages = referencePages(ROOT);

  it.each(Object.keys(pages))('%s is what the code says (else: npm run docs)', (path) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(pages[path]);
  });

  it('names every handler and every error', () => {
    for (const name of Object.keys(beats)) expect(pages['docs/reference/handlers.md']).toContain(`### ${name}\n`);
    for (const code of Object.keys(ERRORS)) expect(pages['docs/reference/errors.md']).toContain(`\`${code}\``);
  });
});

describe('the documentation', () => {
  it('has links that lead somewhere', () => {
    expect(PAGES.flatMap((page) => brokenLinks(page, PAGES))).toEqual([]);
  });

  it('has examples in TypeScript that parse', () => {
    expect(fences('ts', 'js').flatMap(({ where, text }) => syntaxErrors(text).map((error) => `${where}: ${error}`))).toEqual([]);
  });

  it('has JSON that is JSON, configurations that are valid, sequences that can be read', () => {
    const handlers = Object.keys(beats);
    const problems = fences('json').flatMap(({ where, text, mark }) => {
      const parsed = parseJson(text);
      if (parsed === undefined) return [`${where}: no JSON`];
      if (mark === 'config')
        return selfhealConfig.safeParse(parsed).error?.issues.map((issue) => `${where}: ${issue.path.join('.')} ${issue.message}`) ?? [];
      if (mark !== 'sequence') return [];
      const { diagnostics } = readSequence(text, {
        file: where,
        handlers: [...handlers, ...(text.match(/(?<="handler": ")shop\w+/g) ?? [])],
      });
      return diagnostics.filter(({ severity }) => severity === 'error').map((diagnostic) => formatDiagnostic(diagnostic, text));
    });
    expect(problems).toEqual([]);
  });

  it('shows commands that exist, with options that they take', () => {
    const calls = fences('sh').flatMap(({ where, text }) => selfhealCalls(text).map((words) => ({ where, words })));
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.flatMap(({ where, words }) => unknownWords(words).map((word) => `${where}: ${word}`))).toEqual([]);
  });

  it('shows npm scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = fences('sh').flatMap(({ where, text }) =>
      [...text.matchAll(/^npm (?:run )?(start|test|(?<=run )[\w-]+)/gm)].map((match) => ({ where, name: match[1] ?? '' })),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(({ name }) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('what the tests above see', () => {
  it('a link to a page or heading that is not there', () => {
    const other = readPage('docs/other.md', '# Other\n\n## Part `one`\n');
    const page = readPage(
      'docs/a.md',
      '[x](other.md) [y](other.md#part-one) [z](other.md#part-two) [w](gone.md) `[no](gone.md)`\n```sh\n[no](gone.md)\n```\n',
    );
    expect(brokenLinks(page, [page, other], () => false)).toEqual(['docs/a.md:1: other.md#part-two', 'docs/a.md:1: gone.md']);
  });

  it('code that does not parse, and a command that does not exist', () => {
    expect(syntaxErrors('const a = ;')).not.toEqual([]);
    expect(unknownWords(['heal', '--repo', '.', '--fast'])).toEqual(['heal --fast']);
    expect(unknownWords(['heel'])).toEqual(['heel']);
    expect(unknownWords(['sequence', 'run', 'x.json', '--input', '{}'])).toEqual([]);
  });
});

interface PlacedFence {
  readonly where: string;
  readonly text: string;
  readonly mark: string;
}

function fences(...languages: readonly string[]): PlacedFence[] {
  return PAGES.flatMap(({ path, fences: all }) =>
    all.filter(({ language }) => languages.includes(language)).map(({ text, mark, line }) => ({ where: `${path}:${line}`, text, mark })),
  );
}

function brokenLinks(page: Page, pages: readonly Page[], exists = (path: string) => existsSync(join(ROOT, path))): string[] {
  return page.links
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .filter(({ target }) => {
      const [file = '', heading] = target.split('#');
      const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
      const linked = pages.find((one) => one.path === path);
      if (linked === undefined) return !exists(path);
      return heading !== undefined && !linked.anchors.has(heading);
    })
    .map(({ target, line }) => `${page.path}:${line}: ${target}`);
}

function syntaxErrors(text: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The words after `selfheal` on each line that calls it. */
function selfhealCalls(text: string): string[][] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => /^(?:[A-Z_]+=\S+ )*(?:npx )?selfheal (?<rest>[^#|>]+)/.exec(line)?.groups?.rest?.trim().split(/\s+/))
    .filter((words) => words !== undefined);
}

function unknownWords(words: readonly string[]): string[] {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  let command: Command = createProgram({
    signal: new AbortController().signal,
    env: {},
    stdin: Readable.from([]),
    stdout: silent,
    stderr: silent,
  });
  const path: string[] = [];
  for (const word of words) {
    const inner = command.commands.find((one) => one.name() === word);
    if (inner === undefined) break;
    command = inner;
    path.push(word);
  }
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  if (isGroup) return words[path.length]?.startsWith('-') ? [] : [words.join(' ')];
  const known = new Set(command.options.flatMap(({ short, long }) => [short, long]));
  return words.filter((word) => word.startsWith('--') && !known.has(word.split('=')[0])).map((word) => [...path, word].join(' '));
}
