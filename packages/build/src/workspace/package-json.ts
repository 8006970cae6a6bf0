import { readFile } from 'node:fs/promises';
import { SelfhealError } from '@selfheal/contracts/errors';
import { z } from 'zod';

const ranges = z.record(z.string(), z.string()).default({});

/** What a build reads of a package.json; all else is left alone. */
const packageJson = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  packageManager: z.string().optional(),
  workspaces: z.union([z.array(z.string()), z.looseObject({ packages: z.array(z.string()).default([]) })]).optional(),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: ranges,
  devDependencies: ranges,
  optionalDependencies: ranges,
  peerDependencies: ranges,
});

export type PackageJson = z.infer<typeof packageJson>;

/** @throws BUILD_WORKSPACE_INVALID where the file is no package.json; undefined where there is none */
export async function readPackageJson(file: string): Promise<PackageJson | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new SelfhealError('BUILD_WORKSPACE_INVALID', error.message, { where: { file }, cause: error });
  });
  if (text === undefined) return undefined;
  const read = packageJson.safeParse(parse(text, file));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new SelfhealError('BUILD_WORKSPACE_INVALID', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a package.json'}`, {
    where: { file },
  });
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
