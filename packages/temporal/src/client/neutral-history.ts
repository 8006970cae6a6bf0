import proto from '@temporalio/proto';

/** Texts that say where a history was recorded, each with what stands in its place. */
export type Replacements = ReadonlyMap<RegExp, string>;

/** The names of a worker and of its sticky queue begin with its process and its host. */
const WORKER = /\b\d+@[\w.-]+/g;

/**
 * An encoded history without the machine that it was recorded on: names of hosts and processes, and what else is to be replaced, wherever it
 * stands, payloads included. What a workflow is told again on replay stays consistent, for equal texts become equal texts.
 */
export function neutralHistory(bytes: Uint8Array, replacements: Replacements): Uint8Array {
  const { History } = proto.temporal.api.history.v1;
  const all = new Map([[WORKER, 'worker@host'], ...replacements]);
  return History.encode(History.fromObject(neutral(History.decode(bytes), all))).finish();
}

function neutral<T>(value: T, replacements: Replacements): T;
function neutral(value: unknown, replacements: Replacements): unknown {
  if (typeof value === 'string') return replaced(value, replacements);
  if (value instanceof Uint8Array) return replacedBytes(value, replacements);
  if (Array.isArray(value)) return value.map((item) => neutral(item, replacements));
  // Whole numbers of 64 bits are objects with methods.
  if (typeof value !== 'object' || value === null || 'low' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, neutral(field, replacements)]));
}

function replaced(text: string, replacements: Replacements): string {
  let result = text;
  for (const [pattern, replacement] of replacements) result = result.replaceAll(pattern, replacement);
  return result;
}

/** Payloads are JSON; other bytes are left alone. */
function replacedBytes(bytes: Uint8Array, replacements: Replacements): Uint8Array {
  const text = Buffer.from(bytes).toString('utf8');
  const again = replaced(text, replacements);
  return again === text || !Buffer.from(text, 'utf8').equals(bytes) ? bytes : Buffer.from(again, 'utf8');
}
