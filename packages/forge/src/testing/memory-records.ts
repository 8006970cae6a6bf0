import { type RecordFilter, type RecordKind, type RecordOf, type Records, SelfhealError } from '@selfheal/contracts';

/** Records in a map: enough for tests of a package that may not import the store. Transactions run one after the other, without rollback. */
export class MemoryRecords implements Records {
  private readonly kinds = new Map<RecordKind, Map<string, unknown>>();
  private last: Promise<unknown> = Promise.resolve();

  async get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined> {
    return this.of(kind).get(id);
  }

  async need<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K>> {
    const record = await this.get(kind, id);
    if (record === undefined) throw new SelfhealError('RECORD_MISSING', `${kind} ${id}`);
    return record;
  }

  async put<K extends RecordKind>(kind: K, record: RecordOf<K>): Promise<void> {
    this.of(kind).set(record.id, structuredClone(record));
  }

  async putAll<K extends RecordKind>(kind: K, records: readonly RecordOf<K>[]): Promise<void> {
    for (const record of records) await this.put(kind, record);
  }

  async insert<K extends RecordKind>(kind: K, record: RecordOf<K>): Promise<{ record: RecordOf<K>; inserted: boolean }> {
    const known = await this.get(kind, record.id);
    if (known !== undefined) return { record: known, inserted: false };
    await this.put(kind, record);
    return { record, inserted: true };
  }

  async update<K extends RecordKind>(kind: K, id: string, change: (record: RecordOf<K>) => RecordOf<K>): Promise<RecordOf<K>> {
    const changed = change(await this.need(kind, id));
    await this.put(kind, changed);
    return changed;
  }

  async list<K extends RecordKind>(kind: K, filter: RecordFilter<K> = {}): Promise<RecordOf<K>[]> {
    const wanted = Object.entries(filter.where ?? {});
    return [...this.of(kind).values()].filter((record) => {
      const fields = new Map<string, unknown>(Object.entries(record));
      return wanted.every(([field, value]) => fields.get(field) === value);
    });
  }

  async count<K extends RecordKind>(kind: K, filter?: RecordFilter<K>): Promise<number> {
    return (await this.list(kind, filter)).length;
  }

  async remove<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<number> {
    return ids.filter((id) => this.of(kind).delete(id)).length;
  }

  transaction<T>(work: (records: Records) => Promise<T>): Promise<T> {
    const turn = this.last.then(() => work(this));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private of<K extends RecordKind>(kind: K): Map<string, RecordOf<K>> {
    const known = this.kinds.get(kind) ?? new Map<string, unknown>();
    this.kinds.set(kind, known);
    return known as Map<string, RecordOf<K>>;
  }
}
