import { SelfhealError } from '@selfheal/contracts/errors';
import { type BuildControl, type BuildState, controlBuild, watchBuild } from 'selfheal/build-control';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';

export interface BuildControlOptions {
  readonly repo: string;
  readonly data?: string;
  readonly json?: string;
}

/** `selfheal build status`, `pause`, `resume`, `cancel`, `retry`, `slots`: of the durable build that another process runs. */
export async function buildControlCommand(
  terminal: Terminal,
  { repo, data, json }: BuildControlOptions,
  control: BuildControl | undefined,
): Promise<void> {
  const state = await controlBuild({
    repo,
    env: terminal.env,
    ...(data === undefined ? {} : { dataDir: data }),
    ...(control === undefined ? {} : { control }),
  });
  await writeJson(terminal, json, state);
  if (json !== '-') terminal.stdout.write(`${inWords(state)}\n`);
}

/** `selfheal build watch`: a line of JSON for each change of the build that runs, or ran last. */
export async function buildWatchCommand(terminal: Terminal, { repo, data }: BuildControlOptions): Promise<void> {
  const changes = await watchBuild({ repo, ...(data === undefined ? {} : { dataDir: data }) }, terminal.signal);
  for await (const change of changes) terminal.stdout.write(`${JSON.stringify(change)}\n`);
}

/** The control that gives a build so many slots. Fails with INPUT_INVALID. */
export function slotsControl(text: string): BuildControl {
  const concurrency = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (concurrency < 1) throw new SelfhealError('INPUT_INVALID', `${text} is no number from 1 to 9999`);
  return { kind: 'concurrency', concurrency };
}

function inWords({ buildId, concurrency, paused, states }: BuildState): string {
  const ids = Map.groupBy(Object.keys(states), (id) => states[id] ?? 'waiting');
  const counts = [...ids].map(([state, of]) => `${of.length} ${state}`);
  const named = (['running', 'failed'] as const).flatMap((state) => {
    const of = ids.get(state) ?? [];
    return of.length === 0 ? [] : [`${state}: ${of.join(', ')}`];
  });
  return [`${buildId}: ${counts.join(', ')} · ${concurrency} at once${paused ? ' · paused' : ''}`, ...named].join('\n');
}
