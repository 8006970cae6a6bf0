import { randomBytes } from 'node:crypto';
import type { Redact } from './otlp.ts';

/**
 * The redaction of selfheal's intake, with a key for this process alone: what is hidden can be compared within its own records, and with
 * nothing else. Loaded when the first record is made: a service that never fails does without.
 */
export async function loadRedaction(): Promise<Redact> {
  const { Placeholders, Redactor } = await import('@selfheal/redaction');
  const placeholders = new Placeholders(randomBytes(32));
  return (text) => {
    // A fresh one for each text: it remembers private keys that begin on one line and end on another.
    const redactor = new Redactor(placeholders);
    return text
      .split('\n')
      .map((line) => redactor.redact(line).text)
      .join('\n');
  };
}
