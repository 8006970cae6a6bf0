import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A part of the repository with a place in the layers: a folder of `packages`, or one of the top folders that hold code. */
export interface Unit {
  /** The folder's name, which the rules use: `contracts`, `handlers`, `scripts`. */
  readonly name: string;
  /** Relative to the root, with `/`. */
  readonly folder: string;
  /** The package's name, such as `@selfheal/contracts`; undefined for a folder that is none. */
  readonly packageName: string | undefined;
  /** From the export's name (`.`, `./interpreter`, `./*.json`) to its file within the folder. */
  readonly exports: ReadonlyMap<string, string>;
}

export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly unit: Unit;
  readonly isTest: boolean;
}

const TOP_FOLDERS = ['handlers', 'json-sequences', 'scripts', 'docs', 'fixtures'];
const CODE = '**/*.{ts,mts,cts,tsx,js,mjs,cjs}';

/** The units of the repository at `root`, by name. */
export function readUnits(root: string): ReadonlyMap<string, Unit> {
  const folders = [...globSync('packages/*', { cwd: root }), ...TOP_FOLDERS].map((folder) => folder.replaceAll('\\', '/')).sort();
  const units = folders.filter((folder) => existsSync(join(root, folder))).map((folder) => readUnit(root, folder));
  return new Map(units.map((unit) => [unit.name, unit]));
}

/** All code of the units: neither what is installed, nor what is built, nor code that is data (fixtures of a package, a watched service). */
export function listSourceFiles(root: string, units: ReadonlyMap<string, Unit>): SourceFile[] {
  const skipped = (path: string) => /(^|[\\/])(node_modules|dist|coverage|fixtures|shop-service[\\/]source)$/.test(path);
  return [...units.values()].flatMap((unit) =>
    globSync(CODE, { cwd: join(root, unit.folder), exclude: skipped })
      .map((path) => path.replaceAll('\\', '/'))
      .sort()
      .map((path) => ({ path: `${unit.folder}/${path}`, unit, isTest: isTestPath(path) })),
  );
}

function isTestPath(pathInUnit: string): boolean {
  return /\.test\.\w+$/.test(pathInUnit) || pathInUnit.startsWith('test/');
}

function readUnit(root: string, folder: string): Unit {
  const name = folder.split('/').at(-1) ?? folder;
  const manifest = join(root, folder, 'package.json');
  if (!existsSync(manifest)) return { name, folder, packageName: undefined, exports: new Map() };
  const content: { name?: string; exports?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { name, folder, packageName: content.name, exports: readExports(content.exports) };
}

function readExports(exports: unknown): ReadonlyMap<string, string> {
  if (typeof exports === 'string') return new Map([['.', exports]]);
  if (typeof exports !== 'object' || exports === null) return new Map();
  return new Map(
    Object.entries(exports).flatMap(([name, target]) => {
      const file = firstFile(target);
      return file === undefined ? [] : [[name, file] as const];
    }),
  );
}

/** The file of an export, which may be given by condition: `{ "types": ..., "default": ... }`. */
function firstFile(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  return Object.values(target)
    .map(firstFile)
    .find((file) => file !== undefined);
}
