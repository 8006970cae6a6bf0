import { SelfhealError } from '@selfheal/contracts/errors';
import { buildFixes } from 'selfheal/build-fixes';
import { fixLines } from '../output/build-fix.ts';
import { styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';

export interface BuildFixesOptions {
  readonly repo: string;
  readonly data?: string;
  readonly apply?: boolean;
  readonly json?: string;
}

/** `selfheal build fixes`: lists what is offered, or writes it into the workspace. */
export async function buildFixesCommand(terminal: Terminal, words: readonly string[], options: BuildFixesOptions): Promise<void> {
  const { repo, data, json, apply = false } = options;
  const numbers = words.map(numberOf);
  const style = styleOf(terminal);
  const { buildId, fixes } = await buildFixes({
    repo,
    ...(data === undefined ? {} : { dataDir: data }),
    apply: apply ? (numbers.length === 0 ? 'all' : numbers) : [],
    onNotice: (line) => terminal.stderr.write(`${style.yellow(line)}\n`),
  });
  const shown = fixes.filter(({ number }) => numbers.length === 0 || numbers.includes(number));
  await writeJson(terminal, json, { buildId, fixes: shown });
  if (json === '-') return;
  for (const line of shown.flatMap((fix) => fixLines(fix, style))) terminal.stdout.write(`${line}\n`);
}

function numberOf(word: string): number {
  if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
  throw new SelfhealError('INPUT_INVALID', `${word} is no number of a change`);
}
