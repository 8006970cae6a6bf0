/** No programs of the repository's choice, no recursion into submodules, patience with others who move a ref, nothing odd in what is printed. */
export const SAFE_SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.filesRefLockTimeout=5000',
  'core.quotePath=false',
  'submodule.recurse=false',
  'log.showSignature=false',
  'color.ui=false',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
].flatMap((setting) => ['-c', setting]);

/** The user's own settings are read, but no GIT_DIR of a hook that started us, no prompt, no optional lock on the user's index. */
export function gitEnvironment(): Record<string, string> {
  const env: Record<string, string> = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  for (const name of ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'SystemRoot']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
