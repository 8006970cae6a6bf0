import { RESERVED_NAMES } from '../interpreter/memory.ts';
import type { Findings } from './findings.ts';

/** Names that would change an object's prototype or hide what every object has. */
const UNSAFE_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** Hands out the ids of one sequence's beats, each once. */
export class BeatNames {
  readonly #taken: Set<string>;
  readonly #findings: Findings;
  #preferred: string | undefined;

  constructor(findings: Findings, taken = new Set<string>(), preferred?: string) {
    this.#findings = findings;
    this.#taken = taken;
    this.#preferred = preferred;
  }

  /** The same names, but the next one that is made is made from `base`: a graph's node names its beat. */
  preferring(base: string): BeatNames {
    return new BeatNames(this.#findings, this.#taken, base);
  }

  /** An id that the document gives: reported where it is taken or reserved. */
  claim(id: string, place: { readonly offset: number; readonly path: string }): string {
    if (RESERVED_NAMES.includes(id) || UNSAFE_NAMES.has(id)) {
      this.#findings.add('error', 'ID_RESERVED', place, `the id "${id}" has a meaning of its own`, {
        expected: `a name other than ${RESERVED_NAMES.join(', ')}`,
      });
    } else if (this.#taken.has(id)) {
      this.#findings.add('error', 'ID_TWICE', place, `the id "${id}" is used twice in this sequence`);
    }
    this.#taken.add(id);
    return id;
  }

  /** An id made from a name: `load`, then `load#2`. */
  derive(suggested: string): string {
    const base = this.#preferred ?? suggested;
    this.#preferred = undefined;
    const free = !this.#taken.has(base) && !RESERVED_NAMES.includes(base) && !UNSAFE_NAMES.has(base);
    let id = base;
    for (let count = 2; !free && (id === base || this.#taken.has(id)); count++) id = `${base}#${count}`;
    this.#taken.add(id);
    return id;
  }
}
