import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDisk } from '@selfheal/telemetry';
import { expect, it } from 'vitest';
import { delivery, IngestRig, type Kept } from '../../test/intake/ingest-rig.ts';
import { filesAfter, LOSSES, RecordingDisk, stateOf } from '../../test/intake/recording-disk.ts';

/** What stood firm when so many calls were made. */
interface Mark<T> {
  readonly calls: number;
  readonly value: T;
}

const DELIVERIES = [delivery('first', 2), delivery('second', 3), delivery('third', 1), delivery('fourth', 2), delivery('orphan', 2)];

it('has each acknowledged record once, wherever in an ingest the power is cut', async () => {
  const disk = new RecordingDisk();
  const kept: Mark<Kept>[] = [];
  const acknowledged: Mark<readonly string[]>[] = [];
  const live = await IngestRig.open(disk, () => kept.push({ calls: disk.calls.length, value: live.keep() }));
  const told = (texts: readonly string[]) => acknowledged.push({ calls: disk.calls.length, value: texts });
  await using _ = live;
  // The key of placeholders and the first state of the store are there before.
  await live.intake.takeLines('host', []);
  await live.read();
  if (kept.length === 0) kept.push({ calls: 0, value: live.keep() });
  await ingest(live, disk, told);

  const seen = new Set<string>();
  for (let calls = 0; calls <= disk.calls.length; calls += 1) {
    const stood = kept.filter((mark) => mark.calls <= calls).at(-1)?.value ?? kept[0]?.value;
    if (stood === undefined) throw new Error('nothing was kept');
    const sure = acknowledged.filter((mark) => mark.calls <= calls).flatMap(({ value }) => value);
    for (const loss of LOSSES) {
      const files = filesAfter(disk.calls.slice(0, calls), loss);
      const state = `${stateOf(files)}\n${stood.store}\n${sure.length}`;
      if (seen.has(state)) continue;
      seen.add(state);
      expect(await recovered({ kept: stood, files, from: live.dataDir }), `${calls} calls, ${JSON.stringify(loss)}`).toEqual(
        expectedOf(sure),
      );
    }
  }
  expect(disk.calls.length).toBeGreaterThan(50);
  expect(seen.size).toBeGreaterThan(60);
  for (const { value } of kept) rmSync(value.store, { recursive: true, force: true });
});

/** Hosts and senders deliver, one together with another, one twice; it is read and tidied in between and at the end. */
async function ingest(rig: IngestRig, disk: RecordingDisk, told: (texts: readonly string[]) => void): Promise<void> {
  const [first, second, third, fourth, orphan] = DELIVERIES;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined || orphan === undefined)
    throw new Error('five deliveries');
  const deliver = async ({ lines, texts }: typeof first) => {
    await rig.intake.takeDelivery('otlp', lines);
    told(texts);
  };
  // A process that was killed between its write and its fsync: what it wrote is there, but not on disk.
  await disk.makeFolder(join(rig.dataDir, 'intake'));
  const abandoned = await disk.create(join(rig.dataDir, 'intake/otlp-001790000000000-0123456789ab.sealed'));
  await abandoned.write(Buffer.concat(orphan.lines.map(({ bytes }) => bytes)));
  await abandoned.close();
  await rig.intake.takeLines('host', [{ msg: 'host 0' }, { msg: 'host 1' }]);
  told(['host 0', 'host 1']);
  await deliver(first);
  await rig.read();
  await Promise.all([deliver(second), deliver(third)]);
  await rig.intake.tidy();
  await deliver(first);
  await deliver(fourth);
  await rig.read();
  await rig.intake.tidy();
}

/** After the restart each sender delivers again what it has, answered or not. */
async function recovered(left: Parameters<typeof IngestRig.open>[2]): Promise<Record<string, number>> {
  await using rig = await IngestRig.open(nodeDisk, undefined, left);
  const [first, ...others] = DELIVERIES;
  if (first !== undefined) await rig.intake.takeDelivery('otlp', first.lines);
  await rig.read();
  await rig.intake.tidy();
  for (const { lines } of others) await rig.intake.takeDelivery('otlp', lines);
  await rig.read();
  await rig.intake.tidy();
  const counts: Record<string, number> = {};
  for (const text of await rig.texts()) counts[text] = (counts[text] ?? 0) + 1;
  expect(await rig.store.records.list('quarantined')).toEqual([]);
  return counts;
}

/** What senders repeat is there once in any case; what a host was not told of is there once or not at all. */
function expectedOf(sure: readonly string[]): unknown {
  const sent = DELIVERIES.flatMap(({ texts }) => texts);
  const once = Object.fromEntries([...sent, ...sure].map((text) => [text, 1]));
  if (sure.includes('host 0')) return once;
  return expect.toSatisfy(
    (counts: Record<string, number>) =>
      Object.entries(counts).every(([, count]) => count === 1) && sent.every((text) => counts[text] === 1),
  );
}
