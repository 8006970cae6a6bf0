import { ENOUGH_CONTEXT } from './saturation.ts';
import { ANY } from './shape.ts';
import { isContext } from './slots.ts';
import type { Template } from './template.ts';

interface Crowd {
  members: Set<Template>;
  look: number;
}

interface Group {
  templates: Template[];
  tokens: string[];
}

const FIRST_LOOK = 32;
const FIRST_LOOK_AT_ALL = 64;
/** A position varies in a crowd where so many of its templates differ there. */
const DIFFERENT = 0.7;
const ENOUGH_EQUAL = 16;
/** Texts for each template, on average, up to which a crowd is a flood of values. */
const FEW_EACH = 1.25;

/**
 * Finds templates that differ in several words at once, which never come in pairs that differ in one: looks at templates of equal length
 * and first token when they have become many, by the number of different words per position (partitioning after IPLoM: Makanju,
 * Zincir-Heywood, Milios, KDD 2009), and again at each doubling, so that the work stays linear in the number of templates.
 */
export class Crowds {
  readonly #crowds = new Map<string, Crowd>();

  add(template: Template): void {
    for (const [key, look] of keysOf(template)) {
      const crowd = this.#crowds.get(key) ?? { members: new Set(), look };
      this.#crowds.set(key, crowd);
      crowd.members.add(template);
    }
  }

  remove(template: Template): void {
    for (const [key] of keysOf(template)) {
      const crowd = this.#crowds.get(key);
      crowd?.members.delete(template);
      if (crowd?.members.size === 0) this.#crowds.delete(key);
    }
  }

  /** Sets of templates in the crowds of this one that are one, with the tokens that they share. */
  mergeable(template: Template): Group[] {
    for (const [key] of keysOf(template)) {
      const crowd = this.#crowds.get(key);
      if (crowd === undefined || crowd.members.size < crowd.look) continue;
      crowd.look = crowd.members.size * 2;
      const groups = groupsOf([...crowd.members]);
      if (groups.length > 0) return groups;
    }
    return [];
  }
}

function groupsOf(members: readonly Template[]): Group[] {
  const length = members[0]?.tokens.length ?? 0;
  const open = Array.from({ length }, (_, at) => new Set(members.map(({ tokens }) => tokens[at])).size >= members.length * DIFFERENT);
  const groups = new Map<string, Group>();
  for (const member of members) {
    const tokens = member.tokens.map((token, at) => (open[at] === true ? ANY : token));
    const key = tokens.join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { templates: [member], tokens });
    else group.templates.push(member);
  }
  return [...groups.values()].filter(
    (group) => group.templates.length >= ENOUGH_EQUAL && isFlood(group.templates) && tellsEnough(group.tokens),
  );
}

/** Whether hardly a template came again: values are new each time, while messages that share some words repeat themselves. */
function isFlood(templates: readonly Template[]): boolean {
  return templates.reduce((sum, { count }) => sum + count, 0) <= templates.length * FEW_EACH;
}

/** As many words of the message must stay as are open, so that a crowd of unlike texts is not made one. */
function tellsEnough(tokens: readonly string[]): boolean {
  const open = tokens.filter((token) => token === ANY).length;
  return tokens.filter(isContext).length >= Math.max(ENOUGH_CONTEXT, open);
}

/** Templates of like beginning, and all of a length for texts whose beginning varies; with the size from which to look. */
function keysOf({ tokens }: Template): [string, number][] {
  return [
    [`${tokens.length} ${tokens[0] ?? ''}`, FIRST_LOOK],
    [`${tokens.length}`, FIRST_LOOK_AT_ALL],
  ];
}
