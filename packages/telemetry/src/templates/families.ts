import { openValue, varies } from './saturation.ts';
import { ANY } from './shape.ts';
import { filled, hasWord, type SlotKind, type Slotted, slotted } from './slots.ts';
import type { Template } from './template.ts';

/** Templates that differ in the values of their slots only. */
interface Family {
  members: Set<Template>;
  contextWords: number;
  slots: Slot[];
}

interface Slot {
  token: number;
  kind: SlotKind;
  values: Set<string>;
  /** What stands there in all members, once it is known to vary. */
  open: string | undefined;
}

const MAX_VALUES = 32;

/** Finds which slots of like templates vary, from the values seen at each. */
export class Families {
  readonly #families = new Map<string, Family>();
  readonly #familyOf = new Map<Template, { key: string; family: Family }>();

  /** Counts a template among its like. Gives the tokens that its family now has, by member; empty where nothing changed. */
  add(template: Template): Map<Template, string[]> {
    const parts = partsOf(template.tokens);
    const key = keyOf(parts);
    const family = this.#families.get(key) ?? familyOf(parts);
    this.#families.set(key, family);
    family.members.add(template);
    this.#familyOf.set(template, { key, family });
    let changed = false;
    for (const [index, value] of valuesOf(parts).entries()) {
      const slot = family.slots[index];
      if (slot !== undefined && note(slot, value, family.contextWords)) changed = true;
    }
    const renewed = new Map<Template, string[]>();
    if (family.slots.every(({ open }) => open === undefined)) return renewed;
    for (const member of changed ? family.members : [template]) {
      const tokens = opened(member.tokens, family);
      if (tokens.some((token, index) => token !== member.tokens[index])) renewed.set(member, tokens);
    }
    return renewed;
  }

  remove(template: Template): void {
    const known = this.#familyOf.get(template);
    if (known === undefined) return;
    this.#familyOf.delete(template);
    known.family.members.delete(template);
    if (known.family.members.size === 0) this.#families.delete(known.key);
  }
}

/** Notes a value; whether what stands in the slot changed by it. */
function note(slot: Slot, value: string, contextWords: number): boolean {
  if (slot.open === ANY || slot.values.has(value)) return false;
  if (slot.values.size < MAX_VALUES) slot.values.add(value);
  if (!varies(slot.values, slot.kind, contextWords)) return false;
  const open = openValue(slot.values);
  const changed = open !== slot.open;
  slot.open = open;
  return changed;
}

function opened(tokens: readonly string[], family: Family): string[] {
  const parts = partsOf(tokens);
  let slot = 0;
  return parts.map(({ skeleton, values }) =>
    filled(
      skeleton,
      values.map((value) => family.slots[slot++]?.open ?? value),
    ),
  );
}

function familyOf(parts: readonly Slotted[]): Family {
  const slots = parts.flatMap(({ kinds }, token) => kinds.map((kind): Slot => ({ token, kind, values: new Set(), open: undefined })));
  return { members: new Set(), contextWords: parts.filter(({ skeleton }) => hasWord(skeleton)).length, slots };
}

function partsOf(tokens: readonly string[]): Slotted[] {
  return tokens.map((token, index) => slotted(token, index === 0));
}

function valuesOf(parts: readonly Slotted[]): string[] {
  return parts.flatMap(({ values }) => values);
}

function keyOf(parts: readonly Slotted[]): string {
  return parts.map(({ skeleton }) => skeleton).join(' ');
}
