import { SelfhealError } from '@selfheal/contracts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal release NAME`: for deployments that leave no trace in the telemetry. Needs no engine. */
export async function releaseCommand(terminal: Terminal, name: string, options: CommonOptions & { readonly at?: string }): Promise<void> {
  const at = options.at === undefined ? Date.now() : timeOf(options.at);
  const mark = await withHealing(terminal, options, (healing) => healing.markRelease(name, at));
  await writeJson(terminal, options.json, mark);
  if (options.json !== '-') terminal.stdout.write(`release ${mark.name} runs since ${new Date(mark.at).toISOString()}\n`);
}

function timeOf(text: string): number {
  const at = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new SelfhealError('INPUT_INVALID', `--at ${text}: give an ISO time such as 2026-05-01T12:00:00Z, or epoch milliseconds`);
}
