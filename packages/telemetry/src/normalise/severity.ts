import type { Severity } from '@selfheal/contracts';

const WORDS: ReadonlyMap<string, Severity> = new Map(
  Object.entries({
    trace: 'trace',
    verbose: 'trace',
    silly: 'trace',
    vrb: 'trace',
    finest: 'trace',
    finer: 'trace',
    debug: 'debug',
    dbg: 'debug',
    fine: 'debug',
    info: 'info',
    inf: 'info',
    information: 'info',
    informational: 'info',
    notice: 'info',
    log: 'info',
    http: 'info',
    success: 'info',
    default: 'info',
    warn: 'warn',
    warning: 'warn',
    wrn: 'warn',
    error: 'error',
    err: 'error',
    eror: 'error',
    severe: 'error',
    fatal: 'fatal',
    ftl: 'fatal',
    critical: 'fatal',
    crit: 'fatal',
    alert: 'fatal',
    emerg: 'fatal',
    emergency: 'fatal',
    panic: 'fatal',
  } satisfies Record<string, Severity>),
);
const ORDER: readonly Severity[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const SYSLOG: readonly Severity[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'];

/** A level by name, by pino's and bunyan's numbers (10 to 60), or by syslog's (0 to 7). Undefined where it says nothing. */
export function severityOf(level: string | number | undefined): Severity | undefined {
  if (level === undefined) return undefined;
  // Most are written in small letters, and need not be made so.
  const word = typeof level === 'string' ? (WORDS.get(level) ?? WORDS.get(level.trim().toLowerCase())) : undefined;
  if (word !== undefined) return word;
  const number = typeof level === 'number' ? level : /^\d{1,3}$/.test(level.trim()) ? Number(level) : Number.NaN;
  if (!Number.isFinite(number)) return undefined;
  if (number < 8) return SYSLOG[Math.max(0, Math.floor(number))];
  return ORDER[Math.min(5, Math.max(0, Math.floor(number / 10) - 1))];
}

export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return ORDER.indexOf(severity) >= ORDER.indexOf(floor);
}

export function worse(a: Severity, b: Severity): Severity {
  return isAtLeast(a, b) ? a : b;
}
