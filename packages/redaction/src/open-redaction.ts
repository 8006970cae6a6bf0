import type { Redaction } from '@selfheal/contracts';
import { Placeholders, placeholderKey } from './placeholder.ts';
import { Redactor } from './redactor.ts';
import { sensitiveKey } from './sensitive-keys.ts';

/** A variable's value shorter than this is not looked for by itself: it would be found in words that have nothing to do with it. */
const SHORTEST_VALUE = 8;

/**
 * The redaction of what commands print, with the placeholders of the logs: the same secret has the same one in both. `keyDir` is the
 * folder of their key. Values of variables with a sensitive name are replaced wherever they stand, whatever they look like.
 */
export async function openRedaction(keyDir: string): Promise<Redaction> {
  const placeholders = new Placeholders(await placeholderKey(keyDir));
  return (variables) => {
    const redactor = new Redactor(placeholders);
    const known = knownSecrets(variables);
    return (line) =>
      known.reduce((text, { kind, value }) => text.replaceAll(value, placeholders.of(kind, value)), redactor.redact(line).text);
  };
}

/** The longest first, so that a value that holds another leaves nothing of itself. */
function knownSecrets(variables: Readonly<Record<string, string>>): { kind: string; value: string }[] {
  return Object.entries(variables)
    .flatMap(([name, value]) => {
      const kind = sensitiveKey(name);
      return kind === undefined ? [] : value.split('\n').map((line) => ({ kind, value: line.trim() }));
    })
    .filter(({ value }) => value.length >= SHORTEST_VALUE)
    .sort((a, b) => b.value.length - a.value.length);
}
