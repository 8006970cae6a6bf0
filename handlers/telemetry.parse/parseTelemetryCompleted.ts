import type { Handler } from '@selfheal/contracts';

/** Sequence telemetry.parse, movement Storage. Says in one line what was read, what was stored and what could not be used. */
export const parseTelemetryCompleted: Handler<'parseTelemetryCompleted'> = (input) => {
  const { files, lines, unparsed, formats, totals, stored, batchId, more, rejected } = input;
  const parts = [
    `${count(lines, 'line')} of ${count(files, 'file')}`,
    `${count(stored, 'event')} stored`,
    `${count(totals.errors, 'error')}`,
    `${count(totals.operations, 'operation')}`,
  ];
  const named = Object.entries(formats).sort((a, b) => b[1] - a[1]);
  if (named.length > 0) parts.push(`formats ${named.map(([format, seen]) => `${format} ${seen}`).join(', ')}`);
  if (unparsed > 0) parts.push(`${count(unparsed, 'line')} in no known format`);
  if (rejected.length > 0) parts.push(`${rejected.length} rejected (${[...new Set(rejected.map((entry) => entry.code))].join(', ')})`);
  if (more) parts.push('more to read');
  return { more, summary: parts.join('; '), stored, ...(batchId === undefined ? {} : { batchId }), totals, rejected, formats };
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
