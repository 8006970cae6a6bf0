import { fisherGreater } from '@selfheal/statistics';
import type { LogWindow, TemplateCount } from './log-windows.ts';

/** A kind of line that was never logged before a moment and regularly since. */
export interface NewEvent {
  readonly template: TemplateCount;
  /** Index of the first window that has it. */
  readonly since: number;
  /** Windows since then that have it. */
  readonly windows: number;
  readonly count: number;
  readonly pValue: number;
}

/** Windows without it that must come first. */
const LEAST_BEFORE = 6;
/** Chance of one false alarm among all templates and all moments of a sweep. */
const ALPHA = 1e-4;
const SEVERE = ['warn', 'error', 'fatal'];

/**
 * Warnings and errors of a kind that was never logged before. "New events" are among the strongest of the simple detectors for log
 * sequences (Landauer, Skopik, Wurzenberger: A Critical Review of Common Log Data Sets, 2024); there one new line is an alarm, here it
 * must keep coming: windows that have it are counted, not lines (a burst is one window), and compared by Fisher's exact test, corrected
 * for all templates and all moments at which it might have begun.
 */
export function findNewEvents(windows: readonly LogWindow[]): NewEvent[] {
  const templates = new Map(windows.flatMap(({ counts }) => [...counts]));
  const family = templates.size * windows.length;
  return [...templates.values()]
    .filter(({ severity }) => SEVERE.includes(severity))
    .flatMap((template) => {
      const having = windows.filter(({ counts }) => counts.has(template.id));
      const since = windows.findIndex(({ counts }) => counts.has(template.id));
      if (since < LEAST_BEFORE || windows.slice(0, since).some(({ isCut }) => isCut)) return [];
      const after = { hits: having.length, total: windows.length - since };
      const pValue = Math.min(1, fisherGreater({ hits: 0, total: since }, after) * family);
      const count = having.reduce((sum, { counts }) => sum + (counts.get(template.id)?.count ?? 0), 0);
      return pValue < ALPHA ? [{ template, since, windows: having.length, count, pValue }] : [];
    })
    .sort((a, b) => a.pValue - b.pValue || b.count - a.count);
}
