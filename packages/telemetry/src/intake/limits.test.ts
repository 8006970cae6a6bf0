import { appendFileSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogRig } from '../../test/log-rig.ts';

let rig: LogRig;
beforeEach(async () => {
  rig = await LogRig.open();
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

/** Little is stored of it: what lies between is a hole of the file system. */
const sparse = (path: string, bytes: number) => {
  const file = rig.write(path, `INFO before\n${'long'.repeat(2_000)}`);
  truncateSync(file, bytes);
  appendFileSync(file, '\nINFO after\n');
};

it('leaves out a line of 1 GB within bounded memory, and reads its neighbours', async () => {
  sparse('a.log', 1_073_741_824);
  const before = process.memoryUsage.rss();
  const { segments, rejected } = await rig.pull(['a.log']);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  expect(rejected).toMatchObject([{ path: 'a.log', code: 'LOG_LIMIT', offset: 12, bytes: 1_073_741_813 }]);
  await rig.commit(segments);
  expect([...segments.map(({ lines }) => lines), ...(await rig.texts(['a.log']))]).toEqual([2, 'after']);
});

it('reads of a file of 10 GB what one run may, and says that there is more', async () => {
  const file = rig.write('a.log', `${'INFO a line'.padEnd(127)}\n`.repeat(50_000));
  truncateSync(file, 10_737_418_240);
  const before = process.memoryUsage.rss();
  const { segments, more } = await rig.pull(['a.log'], 4_194_304);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  expect([segments.map(({ bytes }) => bytes), more]).toEqual([[4_194_304], true]);
});

it('reads on behind JSON that nests a million deep, whether its line is too long or just not', async () => {
  const deep = (depth: number) => `{"msg":${'['.repeat(depth)}${']'.repeat(depth)}}\n`;
  rig.write(
    'a.log',
    `INFO before\n${deep(1_000_000)}${deep(500_000)}{"a":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}\nINFO after\n`,
  );
  const { rejected } = await rig.pull(['a.log']);
  expect(rejected).toMatchObject([{ code: 'LOG_LIMIT', bytes: 2_000_009 }]);
  const texts = await rig.texts(['a.log']);
  expect([texts.length, texts[0], texts.at(-1)]).toEqual([4, 'before', 'after']);
});

it('takes fewer lines at once where each takes much memory, and goes on behind them', async () => {
  rig.write('a.log', `{"values":[${'{},'.repeat(100_000)}{}]}\n`.repeat(4));
  const { segments, more } = await rig.pull(['a.log']);
  expect([segments.map(({ lines }) => lines), more]).toEqual([[2], true]);
  await rig.commit(segments);
  const rest = await rig.pull(['a.log']);
  expect([rest.segments.map(({ fromOffset, lines }) => [fromOffset, lines]), rest.more]).toEqual([[[segments[0]?.toOffset, 2]], false]);
});
