import { findExecutable } from './find-executable.ts';

const UPDATE_LIMIT_MS = 90_000;
const INSTALL_LIMIT_MS = 240_000;
/** No retries and short waits: an unreachable mirror must not hold up a start. */
const NETWORK_LIMITS = [
  '-o',
  'Acquire::Retries=0',
  '-o',
  'Acquire::http::Timeout=10',
  '-o',
  'Acquire::https::Timeout=10',
  '-o',
  'DPkg::Lock::Timeout=30',
];

/** True on Debian and its kin for root, who alone may install. */
export function canAptInstall(env: NodeJS.ProcessEnv, userId: number | undefined): boolean {
  return userId === 0 && findExecutable('apt-get', env.PATH) !== undefined;
}

/** Installs Debian packages without a question asked. Returns whether apt said that it worked. */
export async function aptInstall(packages: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  // Loaded when needed: a start that finds all in place stays quick.
  const { execa } = await import('execa');
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, extendEnv: false, stdin: 'ignore', reject: false } as const;
  // A failed update is no end: the package lists there may be good enough.
  await execa('apt-get', [...NETWORK_LIMITS, 'update'], { ...options, timeout: UPDATE_LIMIT_MS });
  const installed = await execa('apt-get', [...NETWORK_LIMITS, 'install', '-y', '--no-install-recommends', ...packages], {
    ...options,
    timeout: INSTALL_LIMIT_MS,
  });
  return !installed.failed;
}
