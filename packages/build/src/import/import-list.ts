import { SelfhealError } from '@selfheal/contracts/errors';
import { Fields, type ImportedBuild, type ImportedPackage } from './imported.ts';

/** Reads `{ packages: [{ packageName, packagePath, category, dependencies }] }`, or the list alone. Fails with BUILD_IMPORT_INVALID. */
export function importList(value: unknown, file: string): ImportedBuild {
  const notes: string[] = [];
  const entries = Array.isArray(value) ? value : new Fields(value).list('packages');
  if (entries.length === 0) throw new SelfhealError('BUILD_IMPORT_INVALID', 'it holds no list "packages"', { where: { file } });
  const packages = entries.map((entry, at): ImportedPackage => {
    const fields = new Fields(entry);
    const [packageName, packagePath] = [fields.text('packageName'), fields.text('packagePath')];
    if (packageName === undefined || packagePath === undefined)
      throw new SelfhealError('BUILD_IMPORT_INVALID', `packages[${at}] has no packageName or no packagePath`, { where: { file } });
    return { packageName, packagePath, dependencies: fields.texts('dependencies') ?? [] };
  });
  const names = new Set(packages.map(({ packageName }) => packageName));
  for (const { packageName, dependencies } of packages) {
    const missing = dependencies.filter((name) => !names.has(name));
    if (missing.length > 0) notes.push(`${file}, ${packageName}: ${missing.join(', ')} not in the list, so taken as installed`);
  }
  return { files: [file], tasks: {}, packages, notes };
}
