import { isBlankAt, mostCommon, SHARE } from './columns.ts';
import type { HeaderLayout } from './layout.ts';
import { isLevel, type Role, unitsOf } from './units.ts';

const MAX_FIELDS = 8;
/** Of characters, of a field in front of the text. */
const MAX_FIELD = 80;

/** A mark that parts the fields of a head. */
interface Delimiter {
  readonly mark: string;
  /** What the first field is, which tells a line with a head from others. */
  readonly first: Role;
  isFirst(field: string): boolean;
  /** What a field of the head may hold; the text behind it may be anything. */
  readonly field: RegExp;
}

const DELIMITERS: readonly Delimiter[] = [
  ...['|', ';'].map((mark): Delimiter => ({ mark, first: 'stamp', isFirst: isHeadField, field: /^\s*\S{0,80}\s*$/ })),
  // Between tabs, names have blanks too.
  { mark: '\t', first: 'stamp', isFirst: isHeadField, field: /^.{0,80}$/ },
  // `INFO:app.db:text`, as Python's logging writes where nothing is configured.
  { mark: ':', first: 'level', isFirst: isLevel, field: /^[\w.$-]{1,80}$/ },
];

/** Fields parted by a mark: the first is a stamp and its like, and nearly all lines that begin with one have as many. */
export function delimitedLayout(lines: readonly string[]): HeaderLayout | undefined {
  const headed = lines.filter(
    (line) =>
      unitsOf(line.slice(0, MAX_FIELD))[0]?.role === 'stamp' ||
      DELIMITERS.some(({ mark, isFirst }) => isFirst(fieldOf(line, mark, 0).trim())),
  );
  if (headed.length === 0 || headed.length < lines.length / 10) return undefined;
  for (const delimiter of DELIMITERS) {
    const split = headed.filter((line) => isSplit(line, delimiter));
    if (split.length < headed.length * SHARE) continue;
    const roles: Role[] = [delimiter.first];
    for (let column = 1; column < MAX_FIELDS; column += 1) {
      const fields = split.filter((line) => isFieldAt(line, delimiter, column)).map((line) => fieldOf(line, delimiter.mark, column).trim());
      if (fields.length < split.length * SHARE) break;
      roles.push(fieldRole(fields));
    }
    return { delimiter: delimiter.mark, roles, dashWithin: 0 };
  }
  return undefined;
}

/** A colon with a blank behind it ends a word of prose. */
function isSplit(line: string, { mark, isFirst }: Delimiter): boolean {
  const end = line.indexOf(mark);
  return end >= 0 && isFirst(line.slice(0, end).trim()) && (mark !== ':' || !isBlankAt(line, end + 1));
}

function fieldOf(line: string, mark: string, column: number): string {
  return line.split(mark, column + 1)[column] ?? '';
}

/** Whether the line goes on behind a field. */
function isFieldAt(line: string, { mark, field }: Delimiter, column: number): boolean {
  return line.split(mark, column + 2).length > column + 1 && field.test(fieldOf(line, mark, column));
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
  if (numbers >= fields.length * SHARE) return 'number';
  const roles = fields.flatMap((field) => unitsOf(field)[0]?.role ?? []);
  return mostCommon(roles, fields.length)[0];
}
