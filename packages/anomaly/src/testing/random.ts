/** A seeded generator of uniform numbers in [0, 1). Source: mulberry32, Tommy Ettinger (public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A normal variate by Box and Muller. */
export function normalFrom(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Heavy-tailed durations as services have them: log-normal around `medianMs`, with a share of outliers twenty times as long. */
export function latency(random: () => number, medianMs: number, spread = 0.6, outliers = 0.01): number {
  const ms = medianMs * Math.exp(spread * normalFrom(random));
  return random() < outliers ? ms * 20 : ms;
}
