/** The longest common subsequence of two orders: steps that need not move. */
export function commonOrder(a: readonly string[], b: readonly string[]): string[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const common: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const step = a[i];
    if (step !== undefined && step === b[j]) {
      common.push(step);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return common;
}

/** The steps of `seen` that must move to give the order of `expected`, fewest first come. Steps that only one order has are left out. */
export function movedSteps(expected: readonly string[], seen: readonly string[]): string[] {
  const first = [...new Set(seen)].filter((step) => expected.includes(step));
  const wanted = expected.filter((step) => first.includes(step));
  const kept = new Set(commonOrder(wanted, first));
  return first.filter((step) => !kept.has(step));
}
