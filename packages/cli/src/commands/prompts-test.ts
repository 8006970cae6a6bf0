import { SelfhealError } from '@selfheal/contracts';
import { comparePrompts, type OpenPrompts, type PromptComparison, type PromptEntry } from 'selfheal/ai';
import { fit } from '../output/figures.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import { type PromptOptions, versionNumber, withPrompts } from './with-prompts.ts';

interface TestOptions extends PromptOptions {
  readonly versions?: string;
  readonly against?: string;
  readonly limit: string;
}

/** `selfheal prompts test`: what versions of a template decide about recorded failures. */
export async function promptsTestCommand(terminal: Terminal, name: string, options: TestOptions): Promise<void> {
  const limit = /^[1-9]\d{0,3}$/.test(options.limit) ? Number(options.limit) : undefined;
  if (limit === undefined) throw new SelfhealError('INPUT_INVALID', `--limit ${options.limit} is no number from 1 to 9999`);
  await withPrompts(terminal, options, async (prompts, by) => {
    const comparison = await comparePrompts(prompts, await versionsOf(prompts, name, options, by), { limit, signal: terminal.signal });
    await writeJson(terminal, options.json, comparison);
    if (options.json !== '-') terminal.stdout.write(tableOf(comparison));
  });
}

async function versionsOf({ prompts }: OpenPrompts, name: string, { against, versions }: TestOptions, by: string): Promise<PromptEntry[]> {
  const newest = await prompts.find(name, by);
  if (against !== undefined) return [newest, await prompts.find(against, by)];
  const numbers =
    versions?.split(',').map((text) => versionNumber(text.trim())) ?? [newest.version - 1, newest.version].filter((version) => version > 0);
  return Promise.all(numbers.map((version) => prompts.find(newest.id, by, version)));
}

function tableOf({ trials, versions }: PromptComparison): string {
  if (trials.length === 0) return 'No recorded attempt has a context to try a template with.\n';
  const rows = trials.map(({ agrees, attempt, costUsd, outcome, template, version }) => {
    const fits = agrees === undefined ? 'nothing to compare with' : agrees ? 'as it ended' : 'other than it ended';
    return `${fit(attempt, 38)} ${fit(`${template} ${version}`, 20)} ${fit(outcome, 40)} ${fit(fits, 24)} $${costUsd.toFixed(4)}`;
  });
  const sums = versions.map(
    ({ agreed, asked, comparable, costUsd, decided, template, version }) =>
      `${template} version ${version}: ${decided} of ${asked} decided, ${agreed} of ${comparable} comparable ones as they ended, $${costUsd.toFixed(4)}`,
  );
  return `${[...rows, '', ...sums].join('\n')}\n`;
}
