import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../test/child-process.ts';
import { testDatabases } from '../test/databases.ts';
import { openStore } from './open-store.ts';

describe.each(testDatabases())('several processes on one store in $title', (database) => {
  if (database.skipped) return it.skip('needs the database', () => undefined);
  beforeAll(() => database.start());
  afterAll(() => database.stop());

  it('lose no update and let no transaction interleave', async () => {
    const options = await database.fresh();
    const children = ['a', 'b', 'c', 'd'].map((name) => startChild('count.ts', JSON.stringify(options), '40', name));
    await Promise.all(children.map((child) => child.ended()));
    const store = await openStore(options);
    expect((await store.records.need('project', 'counter')).createdAt).toBe(160);
    const numbers = (await store.records.list('release', { orderBy: { field: 'at' } })).map((record) => record.at);
    expect(numbers).toEqual(Array.from({ length: 160 }, (_, index) => index));
    await store.close();
  });

  it('keep every acknowledged write, whole, when one is killed', async () => {
    const options = await database.fresh();
    for (let round = 0; round < 4; round++) {
      const child = startChild('acknowledge.ts', JSON.stringify(options), `round${round}`);
      await child.linesAre(3 + round * 17);
      await child.kill();
      const store = await openStore(options);
      const ids = new Set((await store.records.list('project')).map((record) => record.id));
      for (const number of child.lines) {
        expect(ids).toContain(`round${round}-${number}-a`);
        expect(ids).toContain(`round${round}-${number}-b`);
      }
      for (const id of ids) expect(ids).toContain(id.replace(/[ab]$/, id.endsWith('a') ? 'b' : 'a'));
      await store.close();
    }
  });
});
