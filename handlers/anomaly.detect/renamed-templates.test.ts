import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { readSlices } from './read-slices.ts';
import { watchRepository } from './testing/watched-repository.ts';

it('counts lines as one template from their first on, though later batches showed that they are one', async () => {
  const from = 1_790_000_000_000;
  const line = (name: string, n: number) =>
    `${JSON.stringify({ level: 40, time: from + n * 1_000, msg: `mail to ${name} was refused at the gateway` })}\n`;
  await using watched = await watchRepository(buildShopRepo);
  const log = join(watched.root, 'app.log');
  writeFileSync(log, ['alice', 'bob'].map(line).join(''));
  await watched.ingest(log);
  appendFileSync(log, ['carol', 'dave', 'erin', 'frank'].map((name, n) => line(name, n + 60)).join(''));
  await watched.ingest(log);
  const { ports, projectId } = watched;
  const slices = await readSlices(ports.records, projectId, { from, to: from + 120_000 }, ports.beat);
  const templates = slices.flatMap((slice) => slice.templates.map(({ id, template, count }) => ({ id, template, count })));
  expect(new Set(templates.map(({ id }) => id)).size).toBe(1);
  expect(new Set(templates.map(({ template }) => template))).toEqual(new Set(['mail to <*> was refused at the gateway']));
  expect(templates.reduce((sum, { count }) => sum + count, 0)).toBe(6);
});
