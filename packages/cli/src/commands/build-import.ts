import { importWorkspaceBuild } from 'selfheal/build-import';
import { styleOf } from '../output/style.ts';
import type { Terminal } from '../terminal.ts';

export interface BuildImportOptions {
  readonly repo: string;
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** `selfheal build import`: writes the `build` part of selfheal.config.json and tells what could not be carried over. */
export async function buildImportCommand(
  terminal: Terminal,
  { repo, from, dryRun = false, force = false }: BuildImportOptions,
): Promise<void> {
  const style = styleOf(terminal);
  const say = (line: string): void => {
    terminal.stdout.write(`${line}\n`);
  };
  const imported = await importWorkspaceBuild({ repo, dryRun, force, ...(from === undefined ? {} : { list: from }) });
  const { tasks, packages, files, notes, written, build } = imported;
  if (written === undefined) say(JSON.stringify({ build }, null, 2));
  else say(`${style.green('✔')} ${written}: ${countsOf(Object.keys(tasks).length, packages?.length)} from ${sourcesOf(files)}`);
  for (const note of notes) say(style.yellow(`! ${note}`));
  if (notes.length === 0) say('everything could be carried over');
}

function countsOf(tasks: number, packages: number | undefined): string {
  return packages === undefined ? `${tasks} tasks` : `${packages} packages`;
}

function sourcesOf(files: readonly string[]): string {
  return files.length <= 3 ? files.join(', ') : `${files.slice(0, 3).join(', ')} and ${files.length - 3} more`;
}
