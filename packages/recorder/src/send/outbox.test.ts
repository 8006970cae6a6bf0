import { expect, it } from 'vitest';
import type { Delivered } from './deliver.ts';
import { Outbox } from './outbox.ts';

function receiver(answers: Delivered[]) {
  const sent: { records: readonly string[]; dropped: number }[] = [];
  const outbox = new Outbox(async (records, dropped) => {
    sent.push({ records, dropped });
    return answers.shift() ?? 'yes';
  });
  return { outbox, sent };
}

it('keeps what did not arrive, in order', async () => {
  const { outbox, sent } = receiver(['later']);
  outbox.add('1');
  outbox.add('2');
  await outbox.flush();
  outbox.add('3');
  await outbox.flush();
  expect(sent.map(({ records }) => records)).toEqual([
    ['1', '2'],
    ['1', '2', '3'],
  ]);
});

it('holds so much, drops the oldest, and tells how many once', async () => {
  const { outbox, sent } = receiver(['later', 'yes']);
  const big = 'x'.repeat(400_000);
  for (let count = 0; count < 8; count += 1) outbox.add(`${count}${big}`);
  await outbox.flush();
  await outbox.flush();
  const [first, ...others] = sent;
  expect(first?.dropped).toBe(4);
  expect(others.flatMap(({ records }) => records).map((record) => record[0])).toEqual(['4', '5', '6', '7']);
  expect(others.map(({ dropped }) => dropped)).toEqual([4, 0, 0, 0]);
});

it('counts what is too large, and what the receiver refuses', async () => {
  const { outbox, sent } = receiver(['refused']);
  outbox.add('x'.repeat(600_000));
  outbox.add('1');
  await outbox.flush();
  outbox.add('2');
  await outbox.flush();
  expect(sent).toEqual([
    { records: ['1'], dropped: 1 },
    { records: ['2'], dropped: 2 },
  ]);
});
