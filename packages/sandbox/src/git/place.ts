import { isAbsolute, join } from 'node:path';
import { git } from '@selfheal/repository';

export interface RepositoryPlace {
  /** Absolute path of git's top level. */
  readonly top: string;
  /** Path of `root` below it, with `/` at its end, or empty. */
  readonly prefix: string;
  /** Absolute path of the folder that git keeps its objects in, shared by all its work trees. */
  readonly gitDir: string;
}

/** Where `root` lies in the repository that holds it. Fails with GIT_FAILED. */
export async function repositoryPlace(root: string): Promise<RepositoryPlace> {
  const lines = (await git(root, ['rev-parse', '--show-toplevel', '--git-common-dir', '--show-prefix'])).split('\n');
  const [top = root, gitDir = '.git', prefix = ''] = lines;
  return { top, prefix, gitDir: isAbsolute(gitDir) ? gitDir : join(root, gitDir) };
}
