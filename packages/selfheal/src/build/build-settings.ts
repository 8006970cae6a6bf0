import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildConfig } from '@selfheal/contracts';

/**
 * The `build` part of the configuration, if there is one. Most have none: then neither the loader of configurations nor the schemas are
 * loaded, which take longer than a build with nothing to do. Fails with CONFIG_UNREADABLE or CONFIG_INVALID.
 */
export async function readBuildConfig(root: string): Promise<Partial<BuildConfig>> {
  const names = (await readdir(root)).filter((name) => /^(?:selfheal\.config\.\w+)$/.test(name));
  if (names.length === 0 || (names.length === 1 && names[0] === 'selfheal.config.json' && !(await mentionsBuild(root)))) return {};
  const { loadSelfhealConfig } = await import('../config/load-config.ts');
  return (await loadSelfhealConfig(root)).config.build;
}

async function mentionsBuild(root: string): Promise<boolean> {
  return (await readFile(join(root, 'selfheal.config.json'), 'utf8')).includes('"build"');
}
