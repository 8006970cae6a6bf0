import { Columns, SHARE } from './columns.ts';
import { delimitedLayout } from './delimited-layout.ts';
import { type Role, unitsOf } from './units.ts';

/**
 * The head that the lines of one source share: stamps, level, pid, thread, source. Learned from a sample of its lines and the same for
 * all of them, so that a text that happens to begin like a head (`cache: error`, `[peer 1.2.3.4] denied`) stays whole.
 */
export interface HeaderLayout {
  /** `|` where fields are parted by a mark without blanks; empty where by blanks. */
  delimiter: string;
  /** Units (or fields) of the head, in order; empty where lines have none. */
  roles: Role[];
  /**
   * The head goes on to a lone dash, at most so many units behind: where nearly all lines have one, it parts the text from a name in front
   * that may be of several words. 0: it does not.
   */
  dashWithin: number;
}

export const NO_HEADER: HeaderLayout = { delimiter: '', roles: [], dashWithin: 0 };

const MAX_SKIPPED = 3;
const MAX_COLUMNS = 14;
/** RFC 5424: priority, version, stamp, host, application, process, message id, structured data or a dash for none. */
const SYSLOG = /^<\d{1,3}>1 \S+ \S+ \S+ \S+ \S+ (?:-|\[)/;
const SYSLOG_ROLES: readonly Role[] = ['bracket', 'number', 'stamp', 'word', 'word', 'word', 'word', 'bracket'];

/** Learns the layout from lines as they come; some hundred are enough. Lines without a head (stack traces) may be among them. */
export function learnLayout(lines: readonly string[]): HeaderLayout {
  const delimited = delimitedLayout(lines);
  if (delimited !== undefined) return delimited;
  const stamped = lines.filter((line) => unitsOf(line).some(({ role }) => role === 'stamp' || role === 'level'));
  if (stamped.length < lines.length / 10 || stamped.length === 0) return NO_HEADER;
  if (stamped.filter((line) => SYSLOG.test(line)).length >= stamped.length * SHARE)
    return { delimiter: '', roles: [...SYSLOG_ROLES], dashWithin: 0 };
  const columns = new Columns(stamped);
  let end = anchorEnd(columns);
  if (end === 0) return NO_HEADER;
  for (let next = extended(end, columns); next !== end; next = extended(end, columns)) end = next;
  const roles = Array.from({ length: end }, (_, column) => columns.roleAt(column)[0]);
  const parted = ['source', 'dash', 'mark'].includes(roles.at(-1) ?? '');
  return { delimiter: '', roles, dashWithin: parted ? 0 : columns.dashWithin(end) };
}

/** Behind the last column that is a stamp or level in nearly all lines; 0 where none is. */
function anchorEnd(columns: Columns): number {
  for (let column = MAX_COLUMNS - 1; column >= 0; column -= 1) {
    const [role, share] = columns.roleAt(column);
    if ((role === 'stamp' || role === 'level') && share >= SHARE) return column + 1;
  }
  return 0;
}

/** How far the head goes on behind column `end`: to groups in brackets, dashes, sources and padded fields that nearly all lines have there. */
function extended(end: number, columns: Columns): number {
  for (let column = end; column <= end + MAX_SKIPPED; column += 1) {
    const [role, share] = columns.formAt(column);
    if (share >= SHARE && (role === 'source' || role === 'dash' || role === 'bracket')) return column + 1;
    if (column === end && share >= SHARE && (role === 'mark' || (role === 'number' && columns.isConstant(column)))) return column + 1;
    if (!(role === 'word' || role === 'number')) return end;
    if (column <= end + 1 && columns.isPadded(column)) return column + 1;
    if (!columns.isNamed(column) && !isBetweenDashes(column, end, columns)) return end;
  }
  return end;
}

/** `stamp - INFO - worker - text`: where dashes part the fields, a word before a dash is one. */
function isBetweenDashes(column: number, end: number, columns: Columns): boolean {
  const isDash = (at: number): boolean => {
    const [role, share] = columns.formAt(at);
    return role === 'dash' && share >= SHARE;
  };
  return column === end && isDash(column + 1) && isDash(column - 1);
}
