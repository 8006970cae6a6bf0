import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeScriptCovs } from '@bcoe/v8-coverage';
import { type Node, type Program, parse } from 'acorn';
import { convert } from 'ast-v8-to-istanbul';
import type { CoverageMapData } from 'istanbul-lib-coverage';
import { z } from 'zod';

/** One script as it ran in one process: V8's counts, and the text and map of what ran. */
export interface RanScript {
  readonly url: string;
  readonly source: string;
  readonly sourceMapURL: string;
  readonly functions: readonly V8Function[];
}

interface V8Function {
  readonly functionName: string;
  readonly isBlockCoverage: boolean;
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
}

/**
 * Maps V8 coverage to the repository's sources. Counts of the same text in several processes are added first (merge of
 * @bcoe/v8-coverage), then mapped once by syntax tree and source map (ast-v8-to-istanbul).
 */
export async function mapScripts(scripts: readonly RanScript[], root: string): Promise<CoverageMapData[]> {
  const groups = Map.groupBy(scripts, (script) => `${script.url}\0${script.source}`);
  const maps: CoverageMapData[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const mapped = await mapScript(first, group, root);
    if (mapped !== undefined) maps.push(mapped);
  }
  return maps;
}

/** Vitest runs a module as the body of one function expression; its source map knows nothing of that wrapper. */
const WRAPPER = /^'use strict';\s*async \([^)]*\)\s*=>\s*\{\{?/;

async function mapScript(script: RanScript, runs: readonly RanScript[], root: string): Promise<CoverageMapData | undefined> {
  const path = script.url.startsWith('file:') ? fileURLToPath(script.url) : script.url;
  const wrapper = WRAPPER.exec(script.source)?.[0] ?? '';
  const code = wrapper === '' ? script.source : script.source.slice(wrapper.length).replace(/\n?\}\}?\)?;?\s*$/, '');
  const ast = parseScript(code);
  // What does not parse is not a module of ours (an eval'd fragment, a template).
  if (ast === undefined || !path.startsWith(`${root}/`)) return undefined;
  const merged = mergeScriptCovs(runs.map(({ url, functions }) => ({ scriptId: '0', url, functions: functions.map(mutable) })));
  if (merged === undefined) return undefined;
  const sourceMap = await readSourceMap(script.sourceMapURL, path);
  return convert<AcornNode, AcornProgram>({
    code,
    wrapperLength: wrapper.length,
    ast,
    coverage: { url: `file://${path}`, functions: merged.functions },
    ignoreNode: (node) => (isGenerated(node) ? 'ignore-this-and-nested-nodes' : undefined),
    ...(sourceMap === undefined ? {} : { sourceMap }),
  });
}

/** Statements that vite puts in place of imports and exports. */
function isGenerated(node: AcornNode): boolean {
  const generated = (name: string): boolean => /^__(vite_ssr|vi)_/.test(name);
  if (node.type === 'VariableDeclarator') return 'id' in node && isNamed(node.id, generated);
  if (node.type === 'ExpressionStatement') return 'expression' in node && isCallOf(node.expression, generated);
  return node.type === 'AwaitExpression' && 'argument' in node && isCallOf(node.argument, generated);
}

/** A call of such a name, or one that hands it on first: `Object.defineProperty(__vi_export__, ...)`. */
function isCallOf(node: unknown, test: (name: string) => boolean): boolean {
  if (typeof node !== 'object' || node === null || !('callee' in node)) return false;
  const first: unknown = 'arguments' in node && Array.isArray(node.arguments) ? node.arguments[0] : undefined;
  return isNamed(node.callee, test) || isNamed(first, test);
}

function isNamed(node: unknown, test: (name: string) => boolean): boolean {
  return typeof node === 'object' && node !== null && 'name' in node && typeof node.name === 'string' && test(node.name);
}

type AcornProgram = Program;
type AcornNode = Node;

function mutable({ functionName, isBlockCoverage, ranges }: V8Function): {
  functionName: string;
  isBlockCoverage: boolean;
  ranges: { startOffset: number; endOffset: number; count: number }[];
} {
  return { functionName, isBlockCoverage, ranges: ranges.map((range) => ({ ...range })) };
}

function parseScript(source: string): Program | undefined {
  const options = {
    ecmaVersion: 'latest',
    locations: true,
    allowHashBang: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  } as const;
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return parse(source, { ...options, sourceType });
    } catch {
      // The other kind of source is tried next.
    }
  }
  return undefined;
}

const sourceMapShape = z.object({
  version: z.literal(3),
  file: z.string().optional(),
  names: z.array(z.string()).default([]),
  sourceRoot: z.string().optional(),
  sources: z.array(z.string().nullable()),
  sourcesContent: z.array(z.string().nullable()).optional(),
  mappings: z.string(),
});
type SourceMap = z.infer<typeof sourceMapShape>;

async function readSourceMap(
  url: string,
  path: string,
): Promise<(Omit<SourceMap, 'file' | 'sourceRoot' | 'sourcesContent'> & { sourcesContent?: (string | null)[] }) | undefined> {
  if (url === '') return undefined;
  const [, encoding, data] = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  const text =
    data === undefined
      ? await readFile(resolve(dirname(path), url.replace(/^file:\/\//, '')), 'utf8').catch(() => undefined)
      : encoding === undefined
        ? decodeURIComponent(data)
        : Buffer.from(data, 'base64').toString('utf8');
  if (text === undefined) return undefined;
  const parsed = sourceMapShape.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const { sourceRoot = '', sourcesContent, mappings, names, version } = parsed.data;
  const sources = parsed.data.sources.map((source) =>
    source === null ? null : `file://${resolve(dirname(path), sourceRoot, source.replace(/^file:\/\//, ''))}`,
  );
  return { version, mappings, names, sources, ...(sourcesContent === undefined ? {} : { sourcesContent }) };
}
