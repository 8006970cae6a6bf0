import { epochMs, stampAt } from '../readers/stamp.ts';

/** `2014-02-14 14:30` or a day alone: what logs never write but tables do. */
const SHORT = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2}))?Z?$/;
const NUMBER = /^\d+(?:\.\d+)?$/;
const YEAR = /\d{4}/;

/**
 * The timestamp of a series' row in epoch ms; undefined where it is none. Without a zone it is UTC. Numbers are seconds since the epoch, by
 * their magnitude also milli-, micro- or nanoseconds.
 */
export function seriesTime(text: string): number | undefined {
  if (NUMBER.test(text)) return epochMs(text) ?? Number(text) * 1000;
  const short = SHORT.exec(text);
  if (short !== null) return shortTime(short);
  if (!YEAR.test(text)) return undefined;
  const seen = stampAt(text, 0);
  return seen?.length === text.length ? seen.stamp : undefined;
}

function shortTime([, year = '', month = '', day = '', hour = '00', minute = '00']: RegExpExecArray): number | undefined {
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  // February 30 would be taken for the first of March.
  return Number.isNaN(time) || new Date(time).getUTCDate() !== Number(day) ? undefined : time;
}
