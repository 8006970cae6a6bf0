import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { guessConfig, openProject } from 'selfheal';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';

/** `selfheal init`: writes selfheal.config.json with what was found; refuses to replace a file unless told. */
export async function initCommand(terminal: Terminal, options: CommonOptions & { force?: boolean }): Promise<void> {
  const project = await openProject({ repo: options.repo, ...(options.data === undefined ? {} : { dataDir: options.data }) });
  const path = join(project.root, 'selfheal.config.json');
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && options.force !== true) throw new SelfhealError('INPUT_INVALID', `${path} exists; --force replaces it`);
  const { config, notes } = await guessConfig(project.root);
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`);
  terminal.stdout.write(`wrote ${path}\n${notes.map((note) => `  ${note}\n`).join('')}`);
  exitWith(0);
}
