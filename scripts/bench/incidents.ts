import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSelfHealing, type HealOutcome, type SelfHealing } from 'selfheal';
import { makeManyFaults } from './many-faults.ts';
import { median, type Row } from './table.ts';

const SINGLE_RUNS = 5;
const AT_ONCE = 20;

/** One incident from `heal` to merged, several times; then twenty at once. */
export async function runIncidentBench(folder: string): Promise<Row[]> {
  const seconds: number[] = [];
  const overheads: number[] = [];
  for (let run = 0; run < SINGLE_RUNS; run++) {
    const single = await healFaults(join(folder, `single-${run}`), 1);
    seconds.push(single.seconds);
    overheads.push(single.seconds - single.handlerSeconds);
  }
  const many = await healFaults(join(folder, 'many'), AT_ONCE);
  return [
    { what: `heal of one incident, median of ${SINGLE_RUNS}`, value: median(seconds), unit: 's', bound: 30 },
    { what: 'engine overhead of a heal (time in no handler), median', value: median(overheads), unit: 's', bound: 3 },
    { what: `${AT_ONCE} incidents at once`, value: many.seconds, unit: 's' },
    { what: `  of them not merged`, value: AT_ONCE - many.merged, unit: '', bound: 0 },
  ];
}

async function healFaults(folder: string, count: number): Promise<{ seconds: number; handlerSeconds: number; merged: number }> {
  await mkdir(folder, { recursive: true });
  const { repo, log } = await makeManyFaults(folder, count);
  const healing = await createSelfHealing({ repo, env: process.env, config: { logs: [log] } });
  const busy = watchBeats(healing);
  try {
    await healing.start();
    const started = Date.now();
    const outcome: HealOutcome = await healing.healLogs({ paths: [log] });
    const ended = Date.now();
    return {
      seconds: (ended - started) / 1_000,
      handlerSeconds: busy(started, ended) / 1_000,
      merged: outcome.incidents.filter(({ status }) => status === 'merged' || status === 'healed').length,
    };
  } finally {
    await healing.stop();
  }
}

/** Milliseconds of an interval in which at least one handler ran: the union of the beats' times. */
function watchBeats(healing: SelfHealing): (from: number, to: number) => number {
  const spans: [number, number][] = [];
  healing.on('beat', (run) => spans.push([run.startedAt, run.startedAt + run.durationMs]));
  return (from, to) => {
    let covered = 0;
    let end = from;
    for (const [start, stop] of spans.sort((a, b) => a[0] - b[0])) {
      const begin = Math.max(start, end);
      const finish = Math.min(stop, to);
      if (finish > begin) covered += finish - begin;
      end = Math.max(end, finish);
    }
    return covered;
  };
}
