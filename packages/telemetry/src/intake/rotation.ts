import { basename, dirname, join } from 'node:path';

export interface RotatedName {
  /** The path that the live file of this log has: `x.log` for `x.log.1`, `x.log.2.gz`, `x.log-20240501.gz`. */
  group: string;
  /** Whether the name itself says that the file was rotated away and will not grow. */
  rotated: boolean;
  /** Orders the files of a group oldest first; the live file last. */
  age: number;
}

const SUFFIX = /^(.+?)(?:\.(\d{1,6})|[-.](\d{4}-?\d{2}-?\d{2}(?:[-T_]?\d{2,6})?)|\.(old|bak|prev))$/;

/** Reads what rotation made of a file's name. logrotate's and pm2's counters grow with age, dates grow with time. */
export function rotatedName(path: string): RotatedName {
  const name = basename(path).replace(/\.gz$/, '');
  const match = SUFFIX.exec(name);
  if (match === null || match[1] === undefined) return { group: join(dirname(path), name), rotated: path.endsWith('.gz'), age: 0 };
  const [, base, counter, date] = match;
  // A counter counts backwards from the live file; a date is always before it.
  const age =
    counter !== undefined
      ? -Number(counter)
      : date !== undefined
        ? Number(date.replace(/\D/g, '').padEnd(14, '0').slice(0, 14)) - 1e15
        : -0.5;
  return { group: join(dirname(path), base), rotated: true, age };
}

/** Files ordered so that of each log the oldest comes first and the live file last. */
export function oldestFirst(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => {
    const [left, right] = [rotatedName(a), rotatedName(b)];
    if (left.group !== right.group) return left.group < right.group ? -1 : 1;
    return left.age - right.age || (a < b ? -1 : 1);
  });
}
