import { readFileSync } from 'node:fs';

/** Milliseconds of one clock tick of `/proc` (sysconf _SC_CLK_TCK, 100 on every Linux that Node runs on). */
const TICK_MS = 10;

/**
 * Processor time, milliseconds, of all that this process started and that has ended, with what that started (proc(5), fields 16 and 17 of
 * stat); undefined where there is no /proc.
 */
export function processorMsOfChildren(): number | undefined {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}
