/**
 * Adjusts p-values of a family of tests so that the chance of a single false alarm in the whole family stays at the level one
 * compares them with. Result in the order of the input.
 * Source: Holm (1979), A simple sequentially rejective multiple test procedure.
 */
export function holmAdjust(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let floor = 0;
  order.forEach(({ p, index }, rank) => {
    floor = Math.max(floor, Math.min(1, p * (order.length - rank)));
    adjusted[index] = floor;
  });
  return adjusted;
}
