import { type Role, type Unit, unitsOf } from './units.ts';

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

const SHARE = 0.9;
const MAX_SKIPPED = 3;
const MAX_COLUMNS = 14;
const MAX_FIELDS = 8;
/** Of characters, of a field in front of the text. */
const MAX_FIELD = 80;
const DELIMITERS = ['|', '\t', ';'];

/** Learns the layout from lines as they come; some hundred are enough. Lines without a head (stack traces) may be among them. */
export function learnLayout(lines: readonly string[]): HeaderLayout {
  const delimited = delimitedLayout(lines);
  if (delimited !== undefined) return delimited;
  const stamped = lines.filter((line) => unitsOf(line).some(({ role }) => role === 'stamp' || role === 'level'));
  if (stamped.length < lines.length / 10 || stamped.length === 0) return NO_HEADER;
  const heads = stamped.map(unitsOf);
  const roleAt = (column: number): [Role, number] => commonRole(heads, column);
  let end = 0;
  for (let column = 0; column < MAX_COLUMNS; column += 1) {
    const [role, share] = roleAt(column);
    if ((role === 'stamp' || role === 'level') && share >= SHARE) end = column + 1;
  }
  if (end === 0) return NO_HEADER;
  for (;;) {
    const next = extended(end, roleAt, (column) => isNamed(stamped, heads, column));
    if (next === end) break;
    end = next;
  }
  const roles = Array.from({ length: end }, (_, column) => roleAt(column)[0]);
  return { delimiter: '', roles, dashWithin: roles.at(-1) === 'source' || roles.at(-1) === 'dash' ? 0 : dashWithin(heads, end) };
}

/** How far the head goes on behind column `end`: groups in brackets, dashes and sources that nearly all lines have there. */
function extended(end: number, roleAt: (column: number) => [Role, number], named: (column: number) => boolean): number {
  for (let column = end; column <= end + MAX_SKIPPED; column += 1) {
    const [role, share] = roleAt(column);
    if (share >= SHARE && (role === 'source' || role === 'dash' || role === 'bracket')) return column + 1;
    if (!(role === 'word' || role === 'number') || !named(column)) return end;
  }
  return end;
}

/** Whether a column holds names (hosts, loggers, pids), not words of a text: it is the same in all lines, or its words have digits or marks. */
function isNamed(lines: readonly string[], heads: readonly Unit[][], column: number): boolean {
  const words = heads.flatMap((units, index) => {
    const unit = units[column];
    return unit === undefined ? [] : [(lines[index] ?? '').slice(unit.start, unit.end)];
  });
  return new Set(words).size === 1 || words.filter((word) => /[\d./$_@]/.test(word)).length >= heads.length * SHARE;
}

function commonRole(heads: readonly Unit[][], column: number): [Role, number] {
  const counts = new Map<Role, number>();
  for (const units of heads) {
    const role = units[column]?.role;
    if (role !== undefined) counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  let best: [Role, number] = ['word', 0];
  for (const [role, count] of counts) if (count > best[1] * heads.length) best = [role, count / heads.length];
  return best;
}

function dashWithin(heads: readonly Unit[][], end: number): number {
  for (let within = 2; within <= 4; within += 1) {
    const found = heads.filter((units) => units.slice(end, end + within).some(({ role }) => role === 'dash')).length;
    if (found >= heads.length * 0.95) return within;
  }
  return 0;
}

/** Fields parted by a mark: the first is a stamp and its like, and nearly all lines that begin with one have as many, without blanks. */
function delimitedLayout(lines: readonly string[]): HeaderLayout | undefined {
  const headed = lines.filter(
    (line) => unitsOf(line.slice(0, MAX_FIELD))[0]?.role === 'stamp' || DELIMITERS.some((mark) => isHeadField(fieldOf(line, mark, 0))),
  );
  if (headed.length === 0 || headed.length < lines.length / 10) return undefined;
  for (const delimiter of DELIMITERS) {
    const split = headed.filter((line) => line.includes(delimiter) && isHeadField(fieldOf(line, delimiter, 0)));
    if (split.length < headed.length * SHARE) continue;
    const roles: Role[] = [];
    for (let column = 0; column < MAX_FIELDS; column += 1) {
      const fields = split.filter((line) => isFieldAt(line, delimiter, column)).map((line) => fieldOf(line, delimiter, column));
      if (fields.length < split.length * SHARE) break;
      roles.push(column === 0 ? 'stamp' : fieldRole(fields));
    }
    return { delimiter, roles, dashWithin: 0 };
  }
  return undefined;
}

function fieldOf(line: string, delimiter: string, column: number): string {
  return (line.split(delimiter, column + 1)[column] ?? '').trim();
}

/** Whether the line goes on behind a field of one word. */
function isFieldAt(line: string, delimiter: string, column: number): boolean {
  return line.split(delimiter, column + 2).length > column + 1 && (column === 0 || /^\S{0,80}$/.test(fieldOf(line, delimiter, column)));
}

/** Stamp, level and numbers, and nothing else. */
function isHeadField(field: string): boolean {
  if (field.length > MAX_FIELD) return false;
  const units = unitsOf(field);
  return units.some(({ role }) => role === 'stamp') && units.every(({ role }) => role !== 'word' && role !== 'source');
}

/** Digits alone are a number here: the stamp came before. */
function fieldRole(fields: readonly string[]): Role {
  const numbers = fields.filter((field) => /^\d+$/.test(field)).length;
  return numbers >= fields.length * SHARE ? 'number' : commonRole(fields.map(unitsOf), 0)[0];
}
