import { join } from 'node:path';

/** Where telemetry.parse keeps what it has read but not stored yet, and the key of the placeholders of secrets. */
export function journalDir(dataDir: string): string {
  return join(dataDir, 'journal');
}
