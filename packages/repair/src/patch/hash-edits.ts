import { createHash } from 'node:crypto';
import type { Edit } from '@selfheal/contracts';

/** SHA-256 (hex) over the sorted edits: what approvals are bound to, and what is barred after a revert. */
export function hashEdits(edits: readonly Edit[]): string {
  const rows = edits.map(({ file, search, replace }) => JSON.stringify([file, search, replace])).sort();
  return createHash('sha256').update(rows.join('\n')).digest('hex');
}
