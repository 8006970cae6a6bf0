import { delimiter, dirname } from 'node:path';

const ALWAYS = ['HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SHELL', 'SystemRoot', 'ComSpec'];

/**
 * What a deploy command sees: who runs it and where programs are (the node that runs us first), the variables named SELFHEAL_DEPLOY_*, and
 * those that the configuration lists. Not the rest of our environment, which may hold keys of other services.
 */
export function deployEnvironment(
  from: NodeJS.ProcessEnv,
  listed: readonly string[],
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && (ALWAYS.includes(name) || listed.includes(name) || name.startsWith('SELFHEAL_DEPLOY_'))) env[name] = value;
  }
  const path = [dirname(process.execPath), ...(from.PATH ?? '').split(delimiter)].filter((folder) => folder !== '');
  return { ...env, ...own, PATH: [...new Set(path)].join(delimiter) };
}
