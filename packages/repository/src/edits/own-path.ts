import { SelfhealError } from '@selfheal/contracts/errors';

/** Refuses a path that leaves the repository, that names anything of git's own, or that has parts which are none. Fails with PATCH_FORBIDDEN. */
export function requireOwnPath(file: string): void {
  const parts = file.split(/[\\/]/);
  const leaves = file.includes('\0') || /^[A-Za-z]:/.test(file) || parts.includes('..');
  if (leaves || parts.some((part) => part === '' || part === '.' || part.toLowerCase() === '.git'))
    throw new SelfhealError('PATCH_FORBIDDEN', `${JSON.stringify(file)} is not a path of the repository`, { where: { file } });
}
