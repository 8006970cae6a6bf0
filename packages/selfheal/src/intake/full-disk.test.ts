import { isSelfhealError } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { FailingDisk } from '../../test/intake/failing-disk.ts';
import { delivery, IngestRig } from '../../test/intake/ingest-rig.ts';

const DELIVERIES = [delivery('first', 2), delivery('second', 3), delivery('third', 2)];
const TEXTS = DELIVERIES.flatMap(({ texts }) => texts);

it('has each record once, whichever call of an ingest finds the disk full, and goes on by itself when there is room', async () => {
  const calls = await ingest(() => false);
  expect(calls).toBeGreaterThan(20);
  for (let at = 0; at < calls; at += 1) {
    await ingest((call) => call === at);
    await ingest((call) => call >= at && call < at + 3);
  }
});

/** Each sender repeats what was refused; reading and tidying are repeated by their schedules. */
async function ingest(fails: (call: number) => boolean): Promise<number> {
  const disk = new FailingDisk(fails);
  await using rig = await IngestRig.open(disk);
  for (const { lines } of DELIVERIES) {
    await untilRoom(() => rig.intake.takeDelivery('otlp', lines));
    await untilRoom(() => rig.read());
    await untilRoom(() => rig.intake.tidy());
  }
  expect((await rig.texts()).sort()).toEqual([...TEXTS].sort());
  expect(await rig.store.records.list('quarantined')).toEqual([]);
  return disk.calls;
}

async function untilRoom(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (
        !(isSelfhealError(error) && error.code === 'STORE_FULL') &&
        !(error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      )
        throw error;
    }
  }
  throw new Error('it never came to an end');
}
