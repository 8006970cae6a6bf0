/** Something that stands in an order: a statement or an entry, with the step that it runs. */
export interface Placed {
  readonly step: string | undefined;
}

/**
 * Where a step must go, given the places of all: behind the last step that is declared before it, or before the first that is declared
 * after it. Undefined where it stands well.
 */
export function wantedPlace(
  items: readonly Placed[],
  step: string,
  declared: readonly string[],
): { anchor: number; side: 'before' | 'after' } | undefined {
  const at = items.findIndex((item) => item.step === step);
  const rank = declared.indexOf(step);
  if (at < 0 || rank < 0) return undefined;
  const rankAt = (index: number) => declared.indexOf(items[index]?.step ?? '');
  const late = items.findLastIndex((_, index) => index > at && rankAt(index) >= 0 && rankAt(index) < rank);
  if (late >= 0) return { anchor: late, side: 'after' };
  const early = items.findIndex((_, index) => index < at && rankAt(index) > rank);
  return early >= 0 ? { anchor: early, side: 'before' } : undefined;
}

/** The steps that a misplaced step overtook, or that overtook it: to move these is the other way to put things right. */
export function overtaken(items: readonly Placed[], step: string, declared: readonly string[]): string[] {
  const at = items.findIndex((item) => item.step === step);
  const rank = declared.indexOf(step);
  const wrong = items.filter((item, index) => {
    const other = declared.indexOf(item.step ?? '');
    return other >= 0 && index !== at && index < at === other > rank;
  });
  return [...new Set(wrong.flatMap((item) => item.step ?? []))];
}

/** Whether the steps stand in the declared order; others may stand between them. */
export function isInOrder(items: readonly Placed[], declared: readonly string[]): boolean {
  const ranks = items.map((item) => declared.indexOf(item.step ?? '')).filter((rank) => rank >= 0);
  return ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? 0));
}
