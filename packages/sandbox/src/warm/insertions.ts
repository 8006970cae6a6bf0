/** Text put into a file without replacing any. Pairs (an opening and its closing) share a number: neither is kept without the other. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
  readonly pair: number;
  readonly closes: boolean;
}

/** Replaces the characters [start, end). */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The order in which insertions stand in the text: what closes at a place comes before what opens there. */
export function inOrder(insertions: readonly Insertion[]): Insertion[] {
  return insertions
    .map((insertion, index) => ({ insertion, index }))
    .sort((a, b) => a.insertion.at - b.insertion.at || Number(b.insertion.closes) - Number(a.insertion.closes) || a.index - b.index)
    .map(({ insertion }) => insertion);
}

/** The text with replacements and, where they touch no replaced text, insertions. Both sorted; replacements do not overlap. */
export function weave(text: string, insertions: readonly Insertion[], replacements: readonly Replacement[]): string {
  const lost = new Set(
    insertions.filter(({ at }) => replacements.some(({ start, end }) => start < at && at < end)).map((insertion) => insertion.pair),
  );
  let woven = '';
  let from = 0;
  let next = 0;
  const insertUpTo = (limit: number): void => {
    for (let one = insertions[next]; one !== undefined && one.at <= limit; one = insertions[++next]) {
      if (lost.has(one.pair)) continue;
      woven += text.slice(from, one.at) + one.text;
      from = one.at;
    }
  };
  for (const { start, end, text: put } of replacements) {
    insertUpTo(start);
    woven += text.slice(from, start) + put;
    from = end;
    while ((insertions[next]?.at ?? Number.POSITIVE_INFINITY) < end) next += 1;
  }
  insertUpTo(Number.POSITIVE_INFINITY);
  return woven + text.slice(from);
}

/** Maps offsets of the text with all insertions back to offsets of the text without. */
export function offsetMap(insertions: readonly Insertion[]): (offset: number) => number {
  const places: { readonly from: number; readonly length: number; readonly before: number }[] = [];
  let before = 0;
  for (const { at, text } of insertions) {
    places.push({ from: at + before, length: text.length, before });
    before += text.length;
  }
  return (offset) => {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle]?.from ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const last = places[low - 1];
    if (last === undefined) return offset;
    return offset - last.before - Math.min(last.length, offset - last.from);
  };
}
