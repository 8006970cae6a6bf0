import { BLANK, classes } from '../../templates/char-class.ts';
import { type Role, type Unit, unitsOf } from './units.ts';

/** The beginnings of sample lines unit by unit, and what the lines have in common at each place. */
export class Columns {
  readonly #lines: readonly string[];
  readonly #heads: readonly Unit[][];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
    this.#heads = lines.map(unitsOf);
  }

  /** The role that most lines have at a column, and the share of lines that have it. */
  roleAt(column: number): [Role, number] {
    return this.#common(column, ({ role }) => role);
  }

  /** The same behind stamp and level, where a bracket is a group of the head whatever stands in it: `[main]`, `[config]`. */
  formAt(column: number): [Role, number] {
    return this.#common(column, ({ role, start }, line) => (role === 'level' && /[[(<]/.test(line[start] ?? '') ? 'bracket' : role));
  }

  /** Whether a column holds names (hosts, loggers, pids), not words of a text: it is the same in all lines, or its words look like names. */
  isNamed(column: number): boolean {
    const words = this.#wordsAt(column);
    return new Set(words).size === 1 || words.filter((word) => NAME.test(word)).length >= this.#heads.length * SHARE;
  }

  /** Whether a column is the same in nearly all lines. */
  isConstant(column: number): boolean {
    const words = this.#wordsAt(column);
    return words.filter((word) => word === words[0]).length >= this.#heads.length * SHARE;
  }

  /** Whether more than one blank, or a tab, parts a column from what follows it: so writes who pads fields. */
  isPadded(column: number): boolean {
    const padded = this.#heads.filter((units, index) => {
      const [unit, next] = [units[column], units[column + 1]];
      const line = this.#lines[index] ?? '';
      return unit !== undefined && next !== undefined && (next.start > unit.end + 1 || line[unit.end] === '\t');
    });
    return padded.length >= this.#heads.length * SHARE;
  }

  /** How far behind `end` nearly all lines have a lone dash, which parts the text from a name of several words; 0 where they have none. */
  dashWithin(end: number): number {
    for (let within = 2; within <= 4; within += 1) {
      const found = this.#heads.filter((units) => units.slice(end, end + within).some(({ role }) => role === 'dash')).length;
      if (found >= this.#heads.length * 0.95) return within;
    }
    return 0;
  }

  #wordsAt(column: number): string[] {
    return this.#heads.flatMap((units, index) => {
      const unit = units[column];
      return unit === undefined ? [] : [(this.#lines[index] ?? '').slice(unit.start, unit.end)];
    });
  }

  #common(column: number, roleOf: (unit: Unit, line: string) => Role): [Role, number] {
    const roles = this.#heads.flatMap((units, index) => {
      const unit = units[column];
      return unit === undefined ? [] : [roleOf(unit, this.#lines[index] ?? '')];
    });
    return mostCommon(roles, this.#heads.length);
  }
}

export const SHARE = 0.9;
/** Words with digits or marks, of capitals, or with a capital within: no words of prose. */
const NAME = /[\d./$_@-]|^[A-Z]{2,}$|[a-z][A-Z]/;

/** The role that is most frequent, with its share of `total`; the first of equals. */
export function mostCommon(roles: readonly Role[], total: number): [Role, number] {
  const counts = new Map<Role, number>();
  for (const role of roles) counts.set(role, (counts.get(role) ?? 0) + 1);
  let best: [Role, number] = ['word', 0];
  for (const [role, count] of counts) if (count > best[1] * total) best = [role, count / total];
  return best;
}

/** Whether a blank stands at a place of a line. */
export function isBlankAt(line: string, at: number): boolean {
  return ((classes[line.charCodeAt(at)] ?? 0) & BLANK) !== 0;
}
