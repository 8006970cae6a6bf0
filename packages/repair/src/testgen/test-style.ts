import { posix } from 'node:path';
import type { CodebaseInfo, SourceSnapshot, TestRunnerName } from '@selfheal/contracts';
import { Node, type SourceFile, SyntaxKind } from 'ts-morph';
import { type CodeStyle, styleOf } from '../templates/code-style.ts';
import { openSource } from '../templates/source-files.ts';
import { type AssertionApi, assertionOf, declaringWord, givesAssertions, isNamed } from './assertion-api.ts';
import { type PackageFacts, packageAround } from './package-around.ts';

/** How the repository writes its tests, read from a test that is near to the code in question. */
export interface TestStyle {
  readonly runner: TestRunnerName;
  readonly modules: 'esm' | 'commonjs';
  readonly typescript: boolean;
  readonly code: CodeStyle;
  /** Import lines of the sample that bring the test functions and assertions; empty where they are globals. */
  readonly header: readonly string[];
  /** `test`, `it` or `t.test`; `describe` where tests stand in suites. */
  readonly test: string;
  readonly suite: string | undefined;
  readonly assertion: AssertionApi;
  /** Titles begin with "should". */
  readonly should: boolean;
  /** How relative imports name a file. */
  readonly importExtension: 'source' | 'js' | 'none';
  /** The file to add tests to, where the test command names its files one by one, so that a new one would never run. */
  readonly appendTo?: string;
  /** Path of a new test file for a subject; `taken` are paths in use. */
  path(subject: string, taken: (path: string) => boolean): string;
}

/** The style of the tests nearest to `target` in its package, or the usual one of the runner where the package has no tests. */
export function readTestStyle(codebase: CodebaseInfo, sources: SourceSnapshot, target: string): TestStyle {
  const around = packageAround(codebase, sources, target);
  const samples = testFiles(codebase, sources)
    .filter((path) => around.holds(path))
    .map((path) => ({ path, nearness: nearness(path, target, sources.files[path] ?? '') }));
  const [best] = samples.sort((a, b) => b.nearness - a.nearness || a.path.localeCompare(b.path));
  const sample = best && openSource(sources.files, best.path);
  const runner = around.runner?.name ?? (sample ? runnerOf(sample) : 'node:test');
  if (!sample || !best) return usualStyle(around, sources, runner, target);
  const isListed = around.runner?.command.split(/\s+/).includes(posix.relative(around.folder, best.path)) ?? false;
  const style = fromSample(sample, best.path, runner, target);
  const modules = modulesOf(sample.getFullText(), sources.files[target] ?? '', best.path, around);
  return { ...style, modules, ...(isListed ? { appendTo: best.path } : {}) };
}

/** Files that hold tests (not their helpers). */
export function testFiles(codebase: CodebaseInfo, sources: SourceSnapshot): string[] {
  const known = new Set([...(codebase.runner?.testFiles ?? []), ...codebase.files.filter((file) => file.test).map((file) => file.path)]);
  return [...known].filter(
    (path) =>
      Object.hasOwn(sources.files, path) &&
      /\.[cm]?[jt]sx?$/.test(path) &&
      /\b(test|it|describe|suite)\s*[.(]/.test(sources.files[path] ?? ''),
  );
}

function nearness(test: string, target: string, text: string): number {
  const subject = baseName(target);
  const names = new RegExp(`['"\`][^'"\`\n]*\\b${quoteForRegExp(subject)}(\\.[cm]?[jt]sx?)?['"\`]`).test(text) ? 3 : 0;
  const sameName = baseName(test) === subject ? 2 : 0;
  const shared = sharedDepth(posix.dirname(test), posix.dirname(target));
  return names + sameName + shared * 0.1;
}

function sharedDepth(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? left.length : at;
}

function fromSample(sample: SourceFile, path: string, runner: TestRunnerName, target: string): Omit<TestStyle, 'modules'> {
  const text = sample.getFullText();
  const header = headerOf(sample);
  const calls = sample.getDescendantsOfKind(SyntaxKind.CallExpression);
  const test = declaringWord(sample, calls, runner);
  const suite = calls
    .find((call) => ['describe', 'suite', 'context'].some((name) => isNamed(call, name)))
    ?.getExpression()
    .getText()
    .split('.')[0];
  const titles = calls.filter((call) => isNamed(call, test)).map((call) => call.getArguments()[0]?.getText() ?? '');
  const imports = [...text.matchAll(/(?:from|require\()\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map((match) => match[1] ?? '');
  return {
    runner,
    typescript: /\.[cm]?tsx?$/.test(path),
    code: styleOf(text),
    header,
    test,
    suite,
    assertion: assertionOf(sample, runner),
    should: titles.filter((title) => /^.should\b/i.test(title)).length * 2 > titles.length,
    importExtension: extensionOf(imports, /\.[cm]?tsx?$/.test(target)),
    path: (subject, taken) => pathLike(path, subject, target, taken),
  };
}

/** How the sample takes modules in; one that takes in none, as where jest's functions are globals, says nothing, but the code under test does. */
function modulesOf(sample: string, target: string, path: string, { moduleSystem }: PackageFacts): TestStyle['modules'] {
  for (const text of [sample, target]) {
    if (/^\s*(import|export)\b/m.test(text)) return 'esm';
    if (/\brequire\(|\b(module\.)?exports\b/.test(text)) return 'commonjs';
  }
  return /\.m[jt]s$|\.tsx?$/.test(path) || moduleSystem === 'esm' ? 'esm' : 'commonjs';
}

const TEST_MODULES = /^(node:test|test|vitest|@jest\/globals|mocha|ava|tap|chai|(node:)?assert(\/strict)?|expect)$/;

/** Import statements for the test API, as they stand in the sample. */
function headerOf(sample: SourceFile): string[] {
  return sample.getStatements().flatMap((statement) => {
    const from = Node.isImportDeclaration(statement)
      ? statement.getModuleSpecifierValue()
      : Node.isVariableStatement(statement)
        ? /require\(\s*['"]([^'"]+)['"]\s*\)/.exec(statement.getText())?.[1]
        : undefined;
    if (from === undefined || !TEST_MODULES.test(from)) return [];
    return [statement.getText()];
  });
}

function extensionOf(imports: readonly string[], typescript: boolean): TestStyle['importExtension'] {
  if (imports.some((specifier) => /\.[cm]?tsx?$/.test(specifier))) return 'source';
  if (imports.some((specifier) => /\.[cm]?jsx?$/.test(specifier))) return typescript ? 'js' : 'source';
  return imports.length > 0 ? 'none' : 'source';
}

/** A path beside the sample, named in its manner: `test/cart.test.js` gives `test/<subject>.test.js`. */
function pathLike(sample: string, subject: string, target: string, taken: (path: string) => boolean): string {
  const name = posix.basename(sample);
  const colocated =
    posix.dirname(sample) !== '.' &&
    /\.(test|spec)\./.test(name) &&
    !/(^|\/)(tests?|__tests__|spec|specs)(\/|$)/.test(posix.dirname(sample));
  const nestedFolder = /(^|\/)__tests__$/.test(posix.dirname(sample)) && posix.dirname(posix.dirname(sample)) !== '.';
  const folder = colocated ? posix.dirname(target) : nestedFolder ? posix.join(posix.dirname(target), '__tests__') : posix.dirname(sample);
  const [, prefix = ''] = /^(test[-_.])/.exec(name) ?? [];
  const [suffix = posix.extname(name)] = /([._-](test|spec|tests|e2e-spec)\.[cm]?[jt]sx?)$/.exec(name) ?? [];
  for (let count = 1; ; count += 1) {
    const path = posix.join(folder, `${prefix}${subject}${count === 1 ? '' : `-${count}`}${suffix}`);
    if (!taken(path)) return path;
  }
}

/** For a repository without tests: what the runner's own documentation shows. */
function usualStyle(around: PackageFacts, sources: SourceSnapshot, runner: TestRunnerName, target: string): TestStyle {
  const code = styleOf(sources.files[target] ?? '');
  const esm = around.moduleSystem === 'esm' || runner === 'vitest';
  const { quote: q, semicolon: s } = code;
  const nodeImports = esm
    ? [`import assert from ${q}node:assert/strict${q}${s}`, `import { test } from ${q}node:test${q}${s}`]
    : [`const assert = require(${q}node:assert/strict${q})${s}`, `const { test } = require(${q}node:test${q})${s}`];
  const headers: Record<TestRunnerName, string[]> = {
    'node:test': nodeImports,
    vitest: [`import { expect, test } from ${q}vitest${q}${s}`],
    jest: [],
    mocha: nodeImports.slice(0, 1),
    ava: [esm ? `import test from ${q}ava${q}${s}` : `const test = require(${q}ava${q})${s}`],
    tap: [esm ? `import t from ${q}tap${q}${s}` : `const t = require(${q}tap${q})${s}`],
  };
  const typescript = /\.[cm]?tsx?$/.test(target);
  const extension = posix.extname(target);
  return {
    runner,
    modules: esm ? 'esm' : 'commonjs',
    typescript,
    code,
    header: headers[runner],
    test: runner === 'mocha' ? 'it' : runner === 'tap' ? 't.test' : 'test',
    suite: undefined,
    assertion: usualAssertion(runner),
    should: false,
    importExtension: 'source',
    path: (subject, taken) =>
      pathLike(
        posix.join(
          around.folder,
          `test/x.${runner === 'mocha' && /spec/.test(around.runner?.command ?? '') ? 'spec' : 'test'}${extension}`,
        ),
        subject,
        target,
        taken,
      ),
  };
}

function usualAssertion(runner: TestRunnerName): AssertionApi {
  if (givesAssertions(runner)) return { kind: runner, name: 't' };
  return runner === 'vitest' || runner === 'jest' ? { kind: 'expect', name: 'expect' } : { kind: 'strict-assert', name: 'assert' };
}

function runnerOf(sample: SourceFile): TestRunnerName {
  const text = sample.getFullText();
  if (/['"]vitest['"]/.test(text)) return 'vitest';
  if (/(from|require\()\s*['"]ava['"]/.test(text)) return 'ava';
  if (/(from|require\()\s*['"]tap['"]/.test(text)) return 'tap';
  if (/['"]node:test['"]|require\(['"]test['"]\)/.test(text)) return 'node:test';
  return /\bjest\b|\bexpect\(/.test(text) ? 'jest' : 'mocha';
}

/** `label` for `src/shipping/label.test.ts`. */
export function baseName(path: string): string {
  return posix.basename(path).replace(/([._-](test|spec|tests))?\.[cm]?[jt]sx?$/, '');
}

function quoteForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
