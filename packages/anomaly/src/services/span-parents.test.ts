import type { ServiceSpan } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { spanParents } from './span-parents.ts';

function span(spanId: string, service: string, startMs: number, durationMs: number, parentId?: string): ServiceSpan {
  return { traceId: 't', spanId, service, operation: spanId, startMs, durationMs, ...(parentId === undefined ? {} : { parentId }) };
}

function parentIds(spans: readonly ServiceSpan[]): (string | undefined)[] {
  const parentOf = spanParents(new Map(spans.map((one) => [`${one.traceId}/${one.spanId}`, one])));
  return spans.map((one) => parentOf(one)?.spanId);
}

describe('spanParents', () => {
  const web = span('web', 'web', 0, 100);

  it('keeps what is known, and leaves roots alone', () => {
    expect(parentIds([web, span('client', 'web', 10, 50, 'web'), span('root', 'job', 20, 5)])).toEqual([undefined, 'web', undefined]);
  });

  it('gives an orphan to the shortest span around it, one of its own service first', () => {
    expect(parentIds([web, span('client', 'web', 10, 50, 'web'), span('inner', 'stock', 20, 5, 'lost')])).toEqual([
      undefined,
      'web',
      'client',
    ]);
    const own = span('entry', 'stock', 12, 60, 'client');
    expect(parentIds([web, span('client', 'web', 10, 50, 'web'), own, span('inner', 'stock', 20, 5, 'lost')]).at(-1)).toBe('entry');
  });

  it('leaves an orphan that nothing encloses without a parent', () => {
    expect(parentIds([web, span('late', 'stock', 90, 50, 'lost')])).toEqual([undefined, undefined]);
  });
});
