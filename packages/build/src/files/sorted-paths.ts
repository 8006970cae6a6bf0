/** In the order of their code units, each once. */
export function sortedUnique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].sort();
}

/** Those of sorted paths that are below a folder; `.` for all. They stand side by side, so both ends are found by bisection. */
export function startingWith(sorted: readonly string[], folder: string): readonly string[] {
  if (folder === '.') return sorted;
  return sorted.slice(lowerBound(sorted, `${folder}/`), lowerBound(sorted, `${folder}0`));
}

/** `0` is the character after `/`: the first path not before `bound`. */
function lowerBound(sorted: readonly string[], bound: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
