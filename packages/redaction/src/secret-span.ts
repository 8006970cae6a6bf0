import type { SecretKind } from './sensitive-keys.ts';

/** A part of a line that is to be replaced. */
export interface SecretSpan {
  start: number;
  end: number;
  kind: SecretKind | 'private-key' | 'excess';
  /** The value was a bare JSON scalar: the placeholder needs quotes of its own. */
  quote: boolean;
}

/** In the order of their places; those that overlap as one, of the kind of the longer. */
export function joinSpans(spans: SecretSpan[]): SecretSpan[] {
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const joined: SecretSpan[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last === undefined || span.start >= last.end) joined.push({ ...span });
    else if (span.end > last.end) {
      if (span.end - span.start > last.end - last.start) last.kind = span.kind;
      last.end = span.end;
    }
  }
  return joined;
}
