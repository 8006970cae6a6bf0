import { type RecordKind, type Records, recordSchemas } from '@selfheal/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabases } from '../../test/databases.ts';
import { incident, project, sampleOf } from '../../test/sample-records.ts';
import { openStore, type Store } from '../open-store.ts';

describe.each(testDatabases())('records on $title', (database) => {
  if (database.skipped) return it.skip('needs the database', () => undefined);
  let store: Store;
  let records: Records;
  const KINDS = Object.keys(recordSchemas) as RecordKind[];

  beforeAll(async () => {
    await database.start();
    store = await openStore(await database.fresh());
    records = store.records;
  });
  afterAll(async () => {
    await store?.close();
    await database.stop();
  });
  beforeEach(async () => {
    for (const kind of KINDS) {
      await records.remove(
        kind,
        (await records.list(kind)).map((record) => record.id),
      );
    }
  });

  it('names the stored values that records refer to, and looks past the first page', async () => {
    const [one, two] = ['a', 'b'].map((digit) => `sha256-${digit.repeat(64)}`);
    const many = Array.from({ length: 450 }, (_, index) => project(`p${index}`, index === 430 ? { name: `see ${one}` } : {}));
    await records.putAll('project', many);
    const model = { ...sampleOf(recordSchemas.modelChange), id: 'm', why: JSON.stringify({ $ref: two, bytes: 3 }) };
    await records.put('modelChange', model);
    expect(await store.references()).toEqual(new Set([one, two]));
  });

  describe('one record', () => {
    it.each(KINDS)('stores and returns a record of kind %s', async (kind) => {
      const store = async <K extends RecordKind>(kind: K): Promise<void> => {
        const record = sampleOf(schemaOf(kind));
        await records.put(kind, record);
        expect(await records.get(kind, record.id)).toEqual(record);
        expect(await records.list(kind, { where: record.id === '' ? {} : idOnly(record) })).toEqual([record]);
      };
      await store(kind);
    });

    it('keeps every text as it is: line ends, quotes, NUL, lone surrogates, all planes', async () => {
      const name = 'a"b\'c\\d\n\t\u0000 \ud800 \u{1F600} $."x" %_ \u2028';
      await records.put('project', project('1', { name }));
      expect((await records.need('project', '1')).name).toBe(name);
    });

    it('keeps numbers exactly: fractions, negative, beyond 32 bits', async () => {
      for (const createdAt of [0.1 + 0.2, -1.5, 1_770_000_000_123.456, Number.MAX_SAFE_INTEGER, 0]) {
        await records.put('project', project('1', { createdAt }));
        expect((await records.need('project', '1')).createdAt).toBe(createdAt);
        expect(await records.count('project', { where: { createdAt } })).toBe(1);
      }
    });

    it('has no record of an unknown id, and says so when it is needed', async () => {
      expect(await records.get('incident', 'nobody')).toBeUndefined();
      await expect(records.need('incident', 'nobody')).rejects.toMatchObject({
        code: 'RECORD_MISSING',
        message: expect.stringContaining('incident nobody'),
      });
    });

    it('replaces a record by id', async () => {
      await records.put('project', project('1', { name: 'old' }));
      await records.put('project', project('1', { name: 'new' }));
      expect(await records.list('project')).toEqual([project('1', { name: 'new' })]);
    });

    it('drops fields that the schema does not know', async () => {
      const wider = { ...project('1'), surplus: true };
      await records.put('project', wider);
      expect(await records.get('project', '1')).toEqual(project('1'));
    });

    it('refuses a record that does not fit its schema, names the field, and stores nothing of the lot', async () => {
      const broken = { ...project('2'), createdAt: Number.NaN };
      await expect(records.putAll('project', [project('1'), broken])).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringMatching(/field createdAt: .*record project, id 2/),
      });
      expect(await records.count('project')).toBe(0);
    });

    it('refuses a NUL character in a field that is a column', async () => {
      await expect(records.put('incident', incident('1', { fingerprint: 'a\u0000b' }))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    });
  });

  describe('many records', () => {
    it('stores more records than one statement holds', async () => {
      const many = Array.from({ length: 1203 }, (_, index) => project(String(index).padStart(5, '0'), { createdAt: index }));
      await records.putAll('project', many);
      expect(await records.count('project')).toBe(1203);
      expect(await records.list('project')).toEqual(many);
      expect(
        await records.remove(
          'project',
          many.map((record) => record.id),
        ),
      ).toBe(1203);
    });

    it('takes the last of several records of one id', async () => {
      await records.putAll('project', [project('1', { name: 'first' }), project('1', { name: 'last' })]);
      expect((await records.need('project', '1')).name).toBe('last');
    });

    it('stores nothing for an empty list, and removes only what is there', async () => {
      await records.putAll('project', []);
      await records.put('project', project('1'));
      expect(await records.remove('project', [])).toBe(0);
      expect(await records.remove('project', ['1', '2'])).toBe(1);
      expect(await records.count('project')).toBe(0);
    });
  });

  describe('insert', () => {
    it('inserts once, and returns the stored record the second time', async () => {
      expect(await records.insert('project', project('1', { name: 'first' }))).toEqual({
        record: project('1', { name: 'first' }),
        inserted: true,
      });
      expect(await records.insert('project', project('1', { name: 'second' }))).toEqual({
        record: project('1', { name: 'first' }),
        inserted: false,
      });
    });

    it('returns the open incident where another of the same fingerprint is inserted', async () => {
      const first = incident('1', { fingerprint: 'same' });
      await records.insert('incident', first);
      expect(await records.insert('incident', incident('2', { fingerprint: 'same' }))).toEqual({ record: first, inserted: false });
      expect(await records.insert('incident', incident('3', { fingerprint: 'same', projectId: 'other' }))).toMatchObject({
        inserted: true,
      });
    });

    it('refuses to put a second incident of one fingerprint', async () => {
      await records.put('incident', incident('1', { fingerprint: 'same' }));
      await expect(records.put('incident', incident('2', { fingerprint: 'same' }))).rejects.toMatchObject({ code: 'RECORD_CONFLICT' });
      await records.put('incident', incident('1', { fingerprint: 'same', status: 'healed' }));
      expect((await records.need('incident', '1')).status).toBe('healed');
    });
  });

  describe('update', () => {
    it('changes what is stored and returns it', async () => {
      await records.put('incident', incident('1'));
      const changed = await records.update('incident', '1', (record) => ({ ...record, status: 'healed' }));
      expect(changed.status).toBe('healed');
      expect(await records.list('incident', { where: { status: 'healed' } })).toEqual([changed]);
      expect(await records.list('incident', { where: { status: 'open' } })).toEqual([]);
    });

    it('fails for an unknown record, a changed id, and a change that throws, and changes nothing', async () => {
      await records.put('project', project('1'));
      await expect(records.update('project', '2', (record) => record)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
      await expect(records.update('project', '1', (record) => ({ ...record, id: '2' }))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      const failing = records.update('project', '1', () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await records.list('project')).toEqual([project('1')]);
    });

    it('loses none of many updates at once', async () => {
      await records.put('project', project('1', { createdAt: 0 }));
      const changes = Array.from({ length: 60 }, () =>
        records.update('project', '1', (record) => ({ ...record, createdAt: record.createdAt + 1 })),
      );
      await Promise.all(changes);
      expect((await records.need('project', '1')).createdAt).toBe(60);
    });
  });

  describe('filters', () => {
    beforeEach(async () => {
      await records.putAll('incident', [
        incident('a', { status: 'open', occurrences: 5, createdAt: 10, reason: 'zebra' }),
        incident('b', { status: 'open', occurrences: 50, createdAt: 20 }),
        incident('c', { status: 'healed', occurrences: 7, createdAt: 30, reason: 'Apple' }),
        incident('d', { status: 'healed', occurrences: 7, createdAt: 40, reason: 'äpfel', projectId: 'q' }),
      ]);
    });
    const ids = async (filter: Parameters<typeof records.list<'incident'>>[1]): Promise<string[]> =>
      (await records.list('incident', filter)).map((record) => record.id);

    it('finds by columns, by other fields, and by both', async () => {
      expect(await ids({ where: { projectId: 'p', status: 'open' } })).toEqual(['a', 'b']);
      expect(await ids({ where: { occurrences: 7 } })).toEqual(['c', 'd']);
      expect(await ids({ where: { occurrences: 7, projectId: 'p' } })).toEqual(['c']);
      expect(await ids({ where: { reason: 'Apple' } })).toEqual(['c']);
      expect(await ids({ where: { id: 'b' } })).toEqual(['b']);
      expect(await ids({ where: { title: "x' or '1'='1" } })).toEqual([]);
    });

    it('finds records that lack a field', async () => {
      expect(await ids({ where: { reason: undefined } })).toEqual(['b']);
      expect(await ids({ where: { patchId: undefined, status: 'healed' } })).toEqual(['c', 'd']);
    });

    it('finds by flags, as columns and in the body', async () => {
      const deployment = sampleOf(recordSchemas.deployment);
      await records.putAll('deployment', [
        { ...deployment, id: '1', treeUntouched: true },
        { ...deployment, id: '2', treeUntouched: false },
      ]);
      expect((await records.list('deployment', { where: { treeUntouched: true } })).map((record) => record.id)).toEqual(['1']);
      expect((await records.list('deployment', { where: { treeUntouched: false } })).map((record) => record.id)).toEqual(['2']);
      const change = sampleOf(recordSchemas.modelChange);
      await records.putAll('modelChange', [
        { ...change, id: '1', undone: true },
        { ...change, id: '2', undone: false },
      ]);
      expect((await records.list('modelChange', { where: { undone: false } })).map((record) => record.id)).toEqual(['2']);
    });

    it('does not take a text for a number of the same digits', async () => {
      await records.put('incident', incident('e', { reason: '7' }));
      expect(await ids({ where: { reason: '7' } })).toEqual(['e']);
      expect(await ids({ where: { occurrences: 7 } })).toEqual(['c', 'd']);
    });

    it('looks into records beside one that holds a NUL character and half a surrogate pair', async () => {
      await records.put('incident', incident('e', { reason: 'NUL \u0000 half \ud800', title: 'odd' }));
      expect(await ids({ where: { occurrences: 7 } })).toEqual(['c', 'd']);
      expect(await ids({ where: { title: 'odd' } })).toEqual(['e']);
      expect(await ids({ range: { field: 'occurrences', to: 5 } })).toEqual(['e']);
      expect((await ids({ orderBy: { field: 'occurrences' } }))[0]).toBe('e');
      expect((await records.need('incident', 'e')).reason).toBe('NUL \u0000 half \ud800');
    });

    it('takes ranges from inclusive to exclusive, on columns and other numbers', async () => {
      expect(await ids({ range: { field: 'createdAt', from: 20, to: 40 } })).toEqual(['b', 'c']);
      expect(await ids({ range: { field: 'createdAt', from: 30 } })).toEqual(['c', 'd']);
      expect(await ids({ range: { field: 'occurrences', from: 7, to: 50 } })).toEqual(['c', 'd']);
      expect(await ids({ range: { field: 'reason', from: 0 } })).toEqual([]);
    });

    it('orders by columns, by numbers and texts of the body; absent first; equal ones by id', async () => {
      expect(await ids({ orderBy: { field: 'createdAt', direction: 'desc' } })).toEqual(['d', 'c', 'b', 'a']);
      expect(await ids({ orderBy: { field: 'occurrences' } })).toEqual(['a', 'c', 'd', 'b']);
      expect(await ids({ orderBy: { field: 'occurrences', direction: 'desc' } })).toEqual(['b', 'd', 'c', 'a']);
      expect(await ids({ orderBy: { field: 'reason' } })).toEqual(['b', 'c', 'a', 'd']);
      expect(await ids({ orderBy: { field: 'reason', direction: 'desc' } })).toEqual(['d', 'a', 'c', 'b']);
      expect(await ids({ orderBy: { field: 'id', direction: 'desc' } })).toEqual(['d', 'c', 'b', 'a']);
    });

    it('pages without overlap, and counts what a page would hold', async () => {
      expect(await ids({ orderBy: { field: 'status' }, limit: 2 })).toEqual(['c', 'd']);
      expect(await ids({ orderBy: { field: 'status' }, limit: 2, offset: 2 })).toEqual(['a', 'b']);
      expect(await ids({ offset: 3 })).toEqual(['d']);
      expect(await ids({ limit: 0 })).toEqual([]);
      expect(await records.count('incident')).toBe(4);
      expect(await records.count('incident', { where: { status: 'open' } })).toBe(2);
      expect(await records.count('incident', { limit: 3 })).toBe(3);
    });

    it('refuses filters that it cannot answer, naming the field', async () => {
      await expect(records.list('anomaly', { where: { place: {} } })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('field place by an object'),
      });
      await expect(records.list('patch', { where: { files: [] } })).rejects.toThrow('field files by a list');
      await expect(records.list('incident', { limit: -1 })).rejects.toThrow('limit must be a whole number');
      const hostile: object = { 'x") or 1=1 --': 'y' };
      await expect(records.list('incident', { where: hostile })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    });
  });
});

function schemaOf<K extends RecordKind>(kind: K) {
  return typedSchemas[kind];
}

const typedSchemas: { readonly [K in RecordKind]: Parameters<typeof sampleOf<import('@selfheal/contracts').RecordOf<K>>>[0] } =
  recordSchemas;

function idOnly<T extends { id: string }>(record: T): Partial<T> {
  const { id } = record;
  return { id } as Partial<T>;
}
