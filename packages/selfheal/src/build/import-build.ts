import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ImportedBuild, importBuild } from '@selfheal/build/import';
import { SelfhealError, selfhealConfig } from '@selfheal/contracts';

export interface BuildImport extends ImportedBuild {
  /** The `build` part that was made of it. */
  readonly build: unknown;
  /** The configuration that it was written into; undefined where that was not asked for. */
  readonly written: string | undefined;
}

export interface BuildImportRequest {
  readonly repo: string;
  /** A list of packages, relative to the repository. */
  readonly list?: string;
  /** Only tell what would be written. */
  readonly dryRun: boolean;
  /** Replace the `build` part that the configuration has. */
  readonly force: boolean;
}

/** Carries the settings of another task runner over into selfheal.config.json. Fails with BUILD_IMPORT_INVALID or INPUT_INVALID. */
export async function importWorkspaceBuild({ repo, list, dryRun, force }: BuildImportRequest): Promise<BuildImport> {
  const root = resolve(repo);
  const imported = await importBuild(root, list);
  const build = { tasks: imported.tasks, ...(imported.packages === undefined ? {} : { packages: imported.packages }) };
  const file = join(root, 'selfheal.config.json');
  const config = await readConfig(file);
  if (!dryRun && config.build !== undefined && !force)
    throw new SelfhealError('INPUT_INVALID', `${file} has a "build" part; pass --force to replace it`);
  const merged = { ...config, build };
  const checked = selfhealConfig.safeParse(merged);
  if (!checked.success)
    throw new SelfhealError(
      'BUILD_IMPORT_INVALID',
      checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    );
  if (!dryRun) await writeFile(file, `${JSON.stringify(merged, null, 2)}\n`);
  return { ...imported, build, written: dryRun ? undefined : file };
}

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw new SelfhealError('CONFIG_UNREADABLE', error.message, { where: { file }, cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SelfhealError('CONFIG_UNREADABLE', error instanceof Error ? error.message : String(error), { where: { file }, cause: error });
  }
}
