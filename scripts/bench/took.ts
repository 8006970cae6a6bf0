export interface Took<T = unknown> {
  /** Seconds by the clock. */
  readonly wall: number;
  /** Seconds of this process's threads: what would pass on a machine that does nothing else, git aside. */
  readonly cpu: number;
  readonly result: T;
}

export async function took<T>(work: () => Promise<T>): Promise<Took<T>> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, result };
}
