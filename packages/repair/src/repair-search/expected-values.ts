import type { WarmResult } from '@selfheal/contracts';

const LONGEST = 80;

/** What failing assertions expect, as source text: whole values, and the parts of small arrays. */
export function expectedValues(results: readonly WarmResult[]): string[] {
  const found = new Set<string>();
  for (const { error, passed } of results.flatMap((result) => result.observations)) {
    const text = error?.expected;
    if (passed || text === undefined || text.length > LONGEST || !isSource(text)) continue;
    found.add(text);
    for (const part of text.startsWith('[ ') ? text.slice(2, -2).split(', ') : []) if (isSource(part)) found.add(part);
  }
  return [...found];
}

/** Printed values that are also expressions: literals, and arrays of them. */
function isSource(text: string): boolean {
  if (/^(-?\d+(\.\d+)?|'[^'\\\n]*'|true|false|null|undefined|NaN|-?Infinity|\[\])$/.test(text)) return true;
  return text.startsWith('[ ') && text.endsWith(' ]') && !/[<{(]/.test(text);
}
