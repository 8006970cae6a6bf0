import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { isRecord } from '../cache/json-shape.ts';
import { readWorkspace } from '../workspace/read-workspace.ts';
import type { WorkspacePackage } from '../workspace/workspace.ts';
import { importLage } from './import-lage.ts';
import { importList } from './import-list.ts';
import { importNx, type NxProject } from './import-nx.ts';
import { importTurbo } from './import-turbo.ts';
import { importWireit } from './import-wireit.ts';
import { Fields, type ImportedBuild } from './imported.ts';

const LAGE = ['lage.config.js', 'lage.config.cjs', 'lage.config.mjs', 'lage.config.json'];

/**
 * What another task runner's configuration says, in our terms: of turbo.json, nx.json with project.json, lage.config or wireit, whichever
 * the workspace has; or of a list of packages in `list`. Fails with BUILD_IMPORT_INVALID where there is none or several, or one cannot be read.
 */
export async function importBuild(root: string, list?: string): Promise<ImportedBuild> {
  if (list !== undefined) return importList(await readJson(root, list), list);
  const found = (await Promise.all([fromTurbo(root), fromNx(root), fromLage(root), fromWireit(root)])).filter((one) => one !== undefined);
  const [only, other] = found;
  if (only === undefined)
    throw invalid(root, 'there is no turbo.json, nx.json, lage.config or wireit; pass --from with a list of packages');
  if (other !== undefined)
    throw invalid(root, `there are several: ${found.map(({ files }) => files[0]).join(', ')}; keep one for the time of the import`);
  return only;
}

async function fromTurbo(root: string): Promise<ImportedBuild | undefined> {
  const file = (await exists(root, 'turbo.json')) ? 'turbo.json' : 'turbo.jsonc';
  if (!(await exists(root, file))) return undefined;
  const value = await readJson(root, file);
  const whole = importTurbo(value, file);
  const parts = await Promise.all((await readWorkspace(root)).packages.map((one) => turboOfPackage(root, one, value)));
  const all = [whole, ...parts.filter((part) => part !== undefined)];
  return {
    files: all.flatMap(({ files }) => files),
    tasks: Object.assign({}, ...all.map(({ tasks }) => tasks)),
    notes: all.flatMap(({ notes }) => notes),
  };
}

/** A package may have a turbo.json of its own: its tasks are of this package alone, and what they do not say they have from the root. */
async function turboOfPackage(root: string, { name, directory }: WorkspacePackage, whole: unknown): Promise<ImportedBuild | undefined> {
  const file = `${directory}/turbo.json`;
  if (directory === '.' || !(await exists(root, file))) return undefined;
  const inherited = new Map(new Fields(whole).entries('tasks'));
  const own = new Fields(await readJson(root, file)).entries('tasks');
  const merged = own.map(([task, value]): [string, unknown] => [
    `${name}#${task}`,
    { ...asRecord(inherited.get(task)), ...asRecord(value) },
  ]);
  return importTurbo({ tasks: Object.fromEntries(merged), globalEnv: new Fields(whole).texts('globalEnv') }, file);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

async function fromNx(root: string): Promise<ImportedBuild | undefined> {
  if (!(await exists(root, 'nx.json'))) return undefined;
  const projects = await Promise.all(
    (await readWorkspace(root)).packages.map(async ({ name, directory }): Promise<NxProject[]> => {
      const manifest = await readJson(root, join(directory, 'package.json'));
      const part =
        isRecord(manifest) && isRecord(manifest.nx) ? [{ name, directory, file: `${directory}/package.json`, value: manifest.nx }] : [];
      const file = `${directory}/project.json`;
      return (await exists(root, file)) ? [...part, { name, directory, file, value: await readJson(root, file) }] : part;
    }),
  );
  return importNx(await readJson(root, 'nx.json'), projects.flat());
}

/** Their settings are a program: it is run, as lage runs it. */
async function fromLage(root: string): Promise<ImportedBuild | undefined> {
  for (const file of LAGE) {
    if (!(await exists(root, file))) continue;
    try {
      const loaded: unknown = file.endsWith('.mjs')
        ? await import(join(root, file))
        : createRequire(join(root, 'package.json'))(`./${file}`);
      return importLage(isRecord(loaded) && 'default' in loaded ? loaded.default : loaded, file);
    } catch (error) {
      throw invalid(root, `${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return undefined;
}

async function fromWireit(root: string): Promise<ImportedBuild | undefined> {
  const { packages } = await readWorkspace(root);
  const manifests = await Promise.all(
    packages.map(async ({ name, directory }) => ({ name, directory, manifest: await readJson(root, join(directory, 'package.json')) })),
  );
  const read = importWireit(manifests);
  return read.files.length === 0 ? undefined : read;
}

/** JSON with comments and trailing commas, as these tools take it. */
async function readJson(root: string, file: string): Promise<unknown> {
  const text = await readFile(join(root, file), 'utf8').catch((error: unknown) => {
    throw invalid(root, `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return value;
  const line = text.slice(0, first.offset).split('\n').length;
  throw invalid(root, `${file}:${line}: ${printParseErrorCode(first.error)}`);
}

async function exists(root: string, file: string): Promise<boolean> {
  return readFile(join(root, file)).then(
    () => true,
    () => false,
  );
}

function invalid(root: string, detail: string): SelfhealError {
  return new SelfhealError('BUILD_IMPORT_INVALID', detail, { where: { folder: root } });
}
