import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestRecords } from '../../test/proposer-rig.ts';
import { createPromptLibrary, type PromptLibrary } from './prompt-library.ts';

let store: Awaited<ReturnType<typeof openTestRecords>>;
let library: PromptLibrary;
beforeAll(async () => {
  store = await openTestRecords();
  library = createPromptLibrary({ records: store.records, projectId: 'p', now: () => 5 });
});
afterAll(() => store[Symbol.asyncDispose]());

it('counts how often each version healed, of the system’s templates too, by project', async () => {
  const { id } = await library.create({ name: 'counted', text: 'one {{code}}' }, 'ann');
  await library.edit(id, { text: 'two {{code}}' }, 'ann');
  for (const [version, healed] of [
    [1, false],
    [1, true],
    [2, true],
  ] as const)
    await library.recordOutcome(id, version, healed);
  await library.recordOutcome('system:error', 2, true);
  await library.recordOutcome('gone', 1, true);
  expect(await library.find('counted', 'ann', 1)).toMatchObject({ uses: 2, successRate: 0.5 });
  expect(await library.find('counted', 'ann')).toMatchObject({ version: 2, uses: 1, successRate: 1 });
  expect(await library.find('error', 'ann')).toMatchObject({ uses: 1, successRate: 1 });
  const other = createPromptLibrary({ records: store.records, projectId: 'q' });
  expect(await other.find('error', 'ann')).toMatchObject({ uses: 0, successRate: undefined });
});

it('makes a version of each changed text, and none of a changed description', async () => {
  const { id } = await library.create({ name: 'versions', text: 'a' }, 'ann');
  await library.edit(id, { description: 'said anew' }, 'ann');
  expect(await library.versions(id)).toHaveLength(1);
  await Promise.all(['b', 'c'].map((text) => library.edit(id, { text }, 'ann')));
  expect((await library.versions(id)).map(({ version }) => version)).toEqual([1, 2, 3]);
});

it('has one template of a name for each owner: new, renamed or restored', async () => {
  const first = await library.create({ name: 'one', text: 'a' }, 'ann');
  await library.create({ name: 'one', text: 'b' }, 'bob');
  const twin = { code: 'RECORD_CONFLICT' };
  await expect(library.create({ name: 'one', text: 'c' }, 'ann')).rejects.toMatchObject(twin);
  await library.setDeleted(first.id, true, 'ann');
  const second = await library.create({ name: 'one', text: 'c' }, 'ann');
  await expect(library.setDeleted(first.id, false, 'ann')).rejects.toMatchObject(twin);
  const third = await library.create({ name: 'two', text: 'd' }, 'ann');
  await expect(library.edit(third.id, { name: 'one' }, 'ann')).rejects.toMatchObject(twin);
  expect((await library.find('one', 'ann')).id).toBe(second.id);
});

it('shows what is private to its owner alone, and lets nobody else change anything', async () => {
  const { id } = await library.create({ name: 'secret plan', text: 'x' }, 'ann');
  expect((await library.list('bob')).map(({ name }) => name)).not.toContain('secret plan');
  for (const change of [
    library.edit(id, { text: 'y' }, 'bob'),
    library.setVisibility(id, 'public', 'bob'),
    library.setDeleted(id, true, 'bob'),
  ]) {
    await expect(change).rejects.toMatchObject({ code: 'PROMPT_NOT_YOURS' });
  }
});
