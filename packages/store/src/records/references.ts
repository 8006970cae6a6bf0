import type { RecordKind } from '@selfheal/contracts';
import type { Session } from '../session.ts';
import { recordTables } from './record-tables.ts';

/** Kinds of which there are thousands an hour, and which hold nothing but measurements: none is searched. */
const MEASUREMENTS: ReadonlySet<RecordKind> = new Set(['batch', 'slice', 'beatRun', 'sourceOffset']);
const PAGE = 200;
const REFERENCE = /sha256-[0-9a-f]{64}/g;

/** Everything in the records that looks like a reference to a stored value: too many keep a file too long, too few would lose one. */
export async function referencesIn(session: Session): Promise<Set<string>> {
  const found = new Set<string>();
  for (const kind of recordKinds()) {
    if (MEASUREMENTS.has(kind)) continue;
    for (let after: string | undefined; ; ) {
      const last = after;
      const page = await session.read((db) => {
        const rows = db.selectFrom<RecordKind>(kind).select(['id', 'body']).orderBy('id').limit(PAGE);
        return (last === undefined ? rows : rows.where('id', '>', last)).execute();
      });
      for (const { body } of page) for (const [reference] of session.flavour.decodeBody(body).matchAll(REFERENCE)) found.add(reference);
      after = page.at(-1)?.id;
      if (page.length < PAGE) break;
    }
  }
  return found;
}

function recordKinds(): RecordKind[] {
  return Object.keys(recordTables).filter((name): name is RecordKind => name in recordTables);
}
