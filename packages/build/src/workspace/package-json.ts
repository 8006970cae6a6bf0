import { readFileSync } from 'node:fs';
import { SelfhealError } from '@selfheal/contracts/errors';
import type { DependencyField } from './workspace.ts';

/** What a build reads of a package.json; all else is left alone. */
export interface PackageJson {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly packageManager: string | undefined;
  /** Patterns of the packages' folders. */
  readonly workspaces: readonly string[] | undefined;
  readonly scripts: Readonly<Record<string, string>>;
  /** Ranges by name. */
  readonly dependencies: Readonly<Record<DependencyField, Readonly<Record<string, string>>>>;
}

/**
 * Reads a manifest; undefined where there is none. Checked by hand: a build with nothing to do is over before a schema library is loaded.
 * Read synchronously: a thousand small files through the thread pool take several times as long.
 * @throws BUILD_WORKSPACE_INVALID where the file is no package.json
 */
export function readPackageJson(file: string): PackageJson | undefined {
  const text = textOf(file);
  if (text === undefined) return undefined;
  const manifest = parse(text, file);
  const refuse = (field: string, wanted: string): never => {
    throw new SelfhealError('BUILD_WORKSPACE_INVALID', `${field} is not ${wanted}`, { where: { file } });
  };
  if (!isRecord(manifest)) return refuse('it', 'a JSON object');
  const word = (field: string): string | undefined => {
    const value = manifest[field];
    return value === undefined || typeof value === 'string' ? value : refuse(field, 'a text');
  };
  const words = (field: string): Record<string, string> => {
    const value = manifest[field] ?? {};
    if (!isRecord(value)) return refuse(field, 'an object');
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, typeof entry === 'string' ? entry : refuse(`${field}.${name}`, 'a text')]),
    );
  };
  const { workspaces } = manifest;
  const patterns = isRecord(workspaces) ? (workspaces.packages ?? []) : workspaces;
  return {
    name: word('name'),
    version: word('version'),
    packageManager: word('packageManager'),
    workspaces: patterns === undefined || isTexts(patterns) ? patterns : refuse('workspaces', 'a list of texts'),
    scripts: words('scripts'),
    dependencies: {
      dependencies: words('dependencies'),
      devDependencies: words('devDependencies'),
      optionalDependencies: words('optionalDependencies'),
      peerDependencies: words('peerDependencies'),
    },
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SelfhealError('BUILD_WORKSPACE_INVALID', error instanceof Error ? error.message : String(error), {
      where: { file },
      cause: error,
    });
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new SelfhealError('BUILD_WORKSPACE_INVALID', `it is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      where: { file },
      cause: error,
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
