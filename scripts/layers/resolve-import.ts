import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { SourceFile, Unit } from './tree.ts';

/** Where an import leads. `file` is relative to the root and undefined where the name fits no source file. */
export type Target =
  | { readonly kind: 'builtin' }
  | { readonly kind: 'external'; readonly packageName: string }
  | { readonly kind: 'relative'; readonly path: string; readonly file: string | undefined }
  | { readonly kind: 'unit'; readonly unit: Unit; readonly subpath: string; readonly exported: boolean; readonly file: string | undefined }
  | { readonly kind: 'unknown-unit'; readonly packageName: string };

/** Resolves module names the way Node does within this repository; `files` are the paths of its sources. */
export function importResolver(
  units: ReadonlyMap<string, Unit>,
  files: ReadonlySet<string>,
): (from: SourceFile, specifier: string) => Target {
  const byPackage = new Map([...units.values()].map((unit) => [unit.packageName, unit]));
  return (from, specifier) => {
    if (specifier.startsWith('.') || specifier.startsWith('/')) {
      const path = posix.join(posix.dirname(from.path), specifier);
      return { kind: 'relative', path, file: knownFile(path, files) };
    }
    if (isBuiltin(specifier)) return { kind: 'builtin' };
    const packageName = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    const unit = byPackage.get(packageName);
    if (unit !== undefined) return unitTarget(unit, `.${specifier.slice(packageName.length)}`, files);
    return packageName.startsWith('@selfheal/') ? { kind: 'unknown-unit', packageName } : { kind: 'external', packageName };
  };
}

function unitTarget(unit: Unit, subpath: string, files: ReadonlySet<string>): Target {
  const exported = exportedFile(unit, subpath);
  const file = exported === undefined ? undefined : knownFile(posix.join(unit.folder, exported), files);
  return { kind: 'unit', unit, subpath, exported: exported !== undefined, file };
}

/** The file of an export, also of a pattern such as `./*.json`. */
function exportedFile(unit: Unit, subpath: string): string | undefined {
  const exact = unit.exports.get(subpath);
  if (exact !== undefined) return exact;
  for (const [name, file] of unit.exports) {
    const [before, after] = name.split('*');
    if (before === undefined || after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    return file.replace('*', subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}

function knownFile(path: string, files: ReadonlySet<string>): string | undefined {
  return [path, `${path}.ts`, `${path}/index.ts`, path.replace(/js$/, 'ts')].find((candidate) => files.has(candidate));
}
