import type { CodebaseInfo, CommitInfo, SourceSnapshot, TestRunner } from '@selfheal/contracts';
import { collectCalls } from './calls.ts';
import { type CodeFile, createCodeIndex, toFunctionInfo } from './code-index.ts';
import { findDeclaredFlows } from './declared-flows.ts';
import { lastChange, mostChange } from './last-change.ts';
import type { LineCommits } from './line-commits.ts';
import { collectOperations } from './operations.ts';
import { collectRoutes } from './routes/collect-routes.ts';
import { isProductionSource, sourceKind } from './source-kind.ts';

/** What is known of a repository beside its sources. */
export interface CodebaseMeta {
  readonly branch: string;
  readonly history: readonly CommitInfo[];
  readonly lineCommits: LineCommits;
  readonly runner?: TestRunner;
  /** Globs of declared flows; empty: all JSON documents are looked at. */
  readonly sequences: readonly string[];
  /** Names of files at the root, for lock files that the snapshot does not carry. */
  readonly rootFiles: readonly string[];
}

/** Facts about a code base, from its sources alone. Pure; linear in the size of the sources. */
export function indexCodebase(snapshot: SourceSnapshot, meta: CodebaseMeta): CodebaseInfo {
  const index = createCodeIndex(snapshot);
  const routes = collectRoutes(index);
  const calls = collectCalls(index);
  const manifest = readManifest(snapshot.files['package.json']);
  const changedAt = new Map(meta.history.map((commit) => [commit.sha, commit.at]));
  const changelog = Object.keys(snapshot.files).find((path) =>
    /^(?:docs\/)?(?:changelog|changes|history|release[-_]?notes)(?:\.(?:md|mdx|txt))?$/i.test(path),
  );
  const production = [...index.files.values()].filter((file) => !file.test);
  return {
    commit: snapshot.commit,
    branch: meta.branch,
    ...(manifest.name === undefined ? {} : { packageName: manifest.name }),
    packageManager: packageManager(manifest, meta.rootFiles),
    moduleSystem: moduleSystem(manifest, production),
    typescript: production.some((file) => /\.[cm]?tsx?$/.test(file.path)),
    ...(meta.runner === undefined ? {} : { runner: meta.runner }),
    files: [...index.files.values()].map((file) => ({ path: file.path, lines: lineCount(file), test: isTest(file, meta.runner) })),
    functions: index.functions.map((one) => {
      const commit = lastChange(meta.lineCommits[one.file.path], one, changedAt);
      return { ...toFunctionInfo(one, calls.get(one.id) ?? []), ...(commit === undefined ? {} : { changedIn: commit }) };
    }),
    routes,
    operations: collectOperations(index, routes).map((operation) => {
      const commit = mostChange(meta.lineCommits[operation.file], operation);
      const at = commit === undefined ? undefined : changedAt.get(commit);
      return { ...operation, ...(commit === undefined ? {} : { changedIn: commit }), ...(at === undefined ? {} : { changedAt: at }) };
    }),
    flows: findDeclaredFlows(snapshot.files, meta.sequences),
    history: [...meta.history],
    ...(changelog === undefined ? {} : { changelog }),
  };
}

function isTest(file: CodeFile, runner: TestRunner | undefined): boolean {
  return (
    file.test || !isProductionSource(file.path) || sourceKind(file.path) === 'test' || (runner?.testFiles.includes(file.path) ?? false)
  );
}

function lineCount(file: CodeFile): number {
  const { text } = file.source;
  const lines = text.split('\n').length;
  return text.endsWith('\n') ? lines - 1 : lines;
}

interface Manifest {
  readonly name?: string;
  readonly type?: string;
  readonly packageManager?: string;
}

function readManifest(text: string | undefined): Manifest {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const field = (key: string) => (key in value ? Reflect.get(value, key) : undefined);
    const pick = (key: keyof Manifest) => (typeof field(key) === 'string' ? { [key]: field(key) } : {});
    return { ...pick('name'), ...pick('type'), ...pick('packageManager') };
  } catch {
    return {};
  }
}

const LOCK_FILES: readonly (readonly [RegExp, CodebaseInfo['packageManager']])[] = [
  [/^pnpm-lock\.yaml$/, 'pnpm'],
  [/^yarn\.lock$/, 'yarn'],
  [/^bun\.lockb?$/, 'bun'],
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, 'npm'],
];

function packageManager(manifest: Manifest, rootFiles: readonly string[]): CodebaseInfo['packageManager'] {
  const named = manifest.packageManager?.split('@')[0];
  if (named === 'npm' || named === 'pnpm' || named === 'yarn' || named === 'bun') return named;
  return LOCK_FILES.find(([pattern]) => rootFiles.some((file) => pattern.test(file)))?.[1] ?? 'npm';
}

/** What the package says; where it says nothing, what most of its files are (TypeScript compiles to CommonJS by default but reads as ESM). */
function moduleSystem(manifest: Manifest, files: readonly CodeFile[]): CodebaseInfo['moduleSystem'] {
  if (manifest.type === 'module') return 'esm';
  if (manifest.type === 'commonjs') return 'commonjs';
  const esm = files.filter((file) => file.facts.kind === 'esm').length;
  const commonjs = files.filter((file) => file.facts.kind === 'commonjs').length;
  return esm > commonjs ? 'esm' : 'commonjs';
}
