import { posix } from 'node:path';
import { ts } from 'ts-morph';
import { sourceKind } from './source-kind.ts';

/** Finds the file that an import or require means within the repository; undefined for other packages. */
export type ModuleResolver = (fromFile: string, specifier: string) => string | undefined;

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** TypeScript sources may import by the name that their output will have. */
const OUTPUT_TO_SOURCE: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

interface Alias {
  readonly prefix: string;
  readonly suffix: string;
  readonly exact: boolean;
  readonly targets: readonly string[];
}

/** Resolves relative paths, `paths` and `baseUrl` of tsconfig files, `imports` of package.json, and packages of a workspace. */
export function createModuleResolver(files: Readonly<Record<string, string>>): ModuleResolver {
  const paths = new Set(Object.keys(files));
  const aliases = readAliases(files);
  const packages = readWorkspacePackages(files);
  const cache = new Map<string, string | undefined>();
  const resolve: ModuleResolver = (fromFile, specifier) => {
    if (specifier.startsWith('.')) return existing(paths, posix.join(posix.dirname(fromFile), specifier));
    for (const target of aliasTargets(aliases, specifier)) {
      const found = existing(paths, target);
      if (found !== undefined) return found;
    }
    return resolvePackage(packages, paths, specifier);
  };
  return (fromFile, specifier) => {
    const key = specifier.startsWith('.') ? `${posix.dirname(fromFile)}\0${specifier}` : specifier;
    if (!cache.has(key)) cache.set(key, resolve(fromFile, specifier));
    return cache.get(key);
  };
}

function existing(paths: ReadonlySet<string>, path: string): string | undefined {
  const base = posix
    .normalize(path)
    .replace(/\/$/, '')
    .replace(/^\.\/?/, '');
  if (paths.has(base)) return base;
  const extension = posix.extname(base);
  const sources = (OUTPUT_TO_SOURCE[extension] ?? []).map((other) => base.slice(0, -extension.length) + other);
  const folder = base === '' ? '' : `${base}/`;
  return [...sources, ...EXTENSIONS.map((one) => base + one), ...EXTENSIONS.map((one) => `${folder}index${one}`)].find((one) =>
    paths.has(one),
  );
}

function aliasTargets(aliases: readonly Alias[], specifier: string): string[] {
  return aliases.flatMap((alias) => {
    if (alias.exact) return alias.prefix === specifier ? alias.targets : [];
    if (!specifier.startsWith(alias.prefix) || !specifier.endsWith(alias.suffix)) return [];
    const rest = specifier.slice(alias.prefix.length, specifier.length - alias.suffix.length);
    return alias.targets.map((target) => target.replace('*', rest));
  });
}

function readAliases(files: Readonly<Record<string, string>>): Alias[] {
  const aliases: Alias[] = [];
  for (const [path, text] of Object.entries(files)) {
    const folder = posix.dirname(path);
    const name = posix.basename(path);
    if (/^(?:tsconfig|jsconfig).*\.json$/.test(name)) aliases.push(...tsconfigAliases(path, folder, text));
    if (name === 'package.json') aliases.push(...toAliases(objectOf(parseJson(text)?.imports), folder));
  }
  return aliases;
}

function tsconfigAliases(path: string, folder: string, text: string): Alias[] {
  const config: unknown = ts.parseConfigFileTextToJson(path, text).config;
  const options = objectOf(objectOf(config).compilerOptions);
  const base = posix.join(folder, typeof options.baseUrl === 'string' ? options.baseUrl : '.');
  const aliases = toAliases(objectOf(options.paths), base);
  return typeof options.baseUrl === 'string'
    ? [...aliases, { prefix: '', suffix: '', exact: false, targets: [posix.join(base, '*')] }]
    : aliases;
}

function toAliases(entries: Record<string, unknown>, base: string): Alias[] {
  return Object.entries(entries).map(([pattern, value]) => {
    const star = pattern.indexOf('*');
    const targets = stringsIn(value).map((target) => posix.join(base, target));
    return {
      prefix: star < 0 ? pattern : pattern.slice(0, star),
      suffix: star < 0 ? '' : pattern.slice(star + 1),
      exact: star < 0,
      targets,
    };
  });
}

/** Folder and entry files of each package of the repository, by its name. */
function readWorkspacePackages(files: Readonly<Record<string, string>>): Map<string, { folder: string; entries: string[] }> {
  const packages = new Map<string, { folder: string; entries: string[] }>();
  for (const [path, text] of Object.entries(files)) {
    if (posix.basename(path) !== 'package.json' || sourceKind(path) === 'vendored') continue;
    const manifest = parseJson(text);
    if (typeof manifest?.name !== 'string') continue;
    const entries = [...stringsIn(objectOf(manifest.exports)['.'] ?? manifest.exports), ...stringsIn(manifest.main), 'src/index', 'index'];
    packages.set(manifest.name, { folder: posix.dirname(path), entries });
  }
  return packages;
}

function resolvePackage(
  packages: ReturnType<typeof readWorkspacePackages>,
  paths: ReadonlySet<string>,
  specifier: string,
): string | undefined {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const found = packages.get(name);
  if (found === undefined) return undefined;
  const rest = specifier.slice(name.length + 1);
  const candidates = rest === '' ? found.entries : [rest, `src/${rest}`];
  for (const candidate of candidates) {
    const path = existing(paths, posix.join(found.folder, candidate));
    if (path !== undefined) return path;
  }
  return undefined;
}

/** All strings in a value of nested objects and arrays, in order: targets of conditional exports. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return Object.values(objectOf(value)).flatMap(stringsIn);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
