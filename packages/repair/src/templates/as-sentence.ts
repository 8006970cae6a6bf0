/** A clause as a sentence: a capital at its start (code in backticks stays as it is), one full stop at its end. */
export function asSentence(clause: string): string {
  const flat = clause
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.;,\s]+$/, '');
  return `${flat.slice(0, 1).toUpperCase()}${flat.slice(1)}.`;
}
