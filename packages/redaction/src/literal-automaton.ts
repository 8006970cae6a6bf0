/** Where literals were found: parallel lists, refilled by each search, so that a search of an ordinary line allocates nothing. */
export interface LiteralHits {
  count: number;
  readonly ids: number[];
  /** Offset behind the last character of the literal. */
  readonly ends: number[];
}

const CLASS_BITS = 6;
const SYMBOLS = 1 << CLASS_BITS;
const UNSEEN = 1;
const ROOT = 0;

/**
 * Finds all occurrences of many literals in one pass, one table look-up a character, whatever the text (Aho and Corasick: "Efficient string
 * matching: an aid to bibliographic search", CACM 1975, as a dense automaton over classes of characters). ASCII letters match in either
 * case. The id of a literal is its place in the list.
 */
export class LiteralAutomaton {
  readonly #classes: Uint8Array;
  /** Rows of one entry a class: the row of the state that follows. */
  readonly #next: Uint32Array;
  /** Rows from this one on end a literal. */
  readonly #firstEnding: number;
  readonly #endings: readonly (readonly number[])[];

  constructor(literals: readonly string[]) {
    this.#classes = classesOf(literals);
    const tree = buildTree(literals, this.#classes);
    const { order, firstEnding } = endingLast(tree);
    this.#firstEnding = firstEnding << CLASS_BITS;
    this.#next = new Uint32Array(tree.length << CLASS_BITS);
    const endings: number[][] = [];
    for (const [state, node] of tree.entries()) {
      const row = at(order, state) << CLASS_BITS;
      for (let symbol = 0; symbol < SYMBOLS; symbol += 1) this.#next[row + symbol] = at(order, node.next[symbol] ?? ROOT) << CLASS_BITS;
      const place = at(order, state) - firstEnding;
      if (place >= 0) endings[place] = node.ids;
    }
    this.#endings = endings;
  }

  /** Fills `hits`. Tells whether every character is visible ASCII or a tab: else the text may hold what a person does not see. */
  search(text: string, hits: LiteralHits): boolean {
    const classes = this.#classes;
    const next = this.#next;
    const firstEnding = this.#firstEnding;
    const { length } = text;
    let row = ROOT;
    let plain = true;
    hits.count = 0;
    for (let place = 0; place < length; place += 1) {
      // Both tables are read within their bounds: the class of any code unit, the row of any state.
      const symbol = classes[text.charCodeAt(place)] ?? 0;
      row = next[row + symbol] ?? ROOT;
      if (row >= firstEnding) this.#note(row, place + 1, hits);
      else if (symbol === UNSEEN) plain = false;
    }
    return plain;
  }

  #note(row: number, end: number, hits: LiteralHits): void {
    for (const id of this.#endings[(row - this.#firstEnding) >> CLASS_BITS] ?? []) {
      hits.ids[hits.count] = id;
      hits.ends[hits.count] = end;
      hits.count += 1;
    }
  }
}

interface Node {
  next: number[];
  ids: number[];
}

/** The class of each code unit: 0 for those of no literal, 1 for those that may be invisible. */
function classesOf(literals: readonly string[]): Uint8Array {
  const classes = new Uint8Array(65_536).fill(UNSEEN);
  classes.fill(0, 32, 127);
  classes[9] = 0;
  let count = UNSEEN;
  for (const character of new Set(literals.join('').toLowerCase())) {
    count += 1;
    if (count >= SYMBOLS) throw new RangeError(`literals may use at most ${SYMBOLS - UNSEEN - 1} different characters`);
    classes[character.charCodeAt(0)] = count;
    classes[character.toUpperCase().charCodeAt(0)] = count;
  }
  return classes;
}

function buildTree(literals: readonly string[], classes: Uint8Array): Node[] {
  const tree: Node[] = [{ next: [], ids: [] }];
  for (const [id, literal] of literals.entries()) {
    let state = ROOT;
    for (let place = 0; place < literal.length; place += 1) {
      const symbol = at(classes, literal.charCodeAt(place));
      const node = at(tree, state);
      const known = node.next[symbol];
      state = known ?? tree.push({ next: [], ids: [] }) - 1;
      node.next[symbol] = state;
    }
    at(tree, state).ids.push(id);
  }
  completeTree(tree);
  return tree;
}

/** Breadth first: a missing transition is that of the longest proper suffix that is a prefix of a literal. */
function completeTree(tree: Node[]): void {
  const failure: number[] = [ROOT];
  const queue: number[] = [ROOT];
  for (const state of queue) {
    const node = at(tree, state);
    const fallback = at(tree, failure[state] ?? ROOT);
    for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
      const child = node.next[symbol];
      const inherited = state === ROOT ? ROOT : (fallback.next[symbol] ?? ROOT);
      if (child === undefined) {
        node.next[symbol] = inherited;
        continue;
      }
      failure[child] = inherited;
      at(tree, child).ids.push(...at(tree, inherited).ids);
      queue.push(child);
    }
  }
}

/** New numbers of the states: those that end a literal last, so that one comparison tells them. */
function endingLast(tree: readonly Node[]): { order: number[]; firstEnding: number } {
  const order: number[] = [];
  let count = 0;
  for (const [state, node] of tree.entries()) if (node.ids.length === 0) order[state] = count++;
  const firstEnding = count;
  for (const [state, node] of tree.entries()) if (node.ids.length > 0) order[state] = count++;
  return { order, firstEnding };
}

function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no entry ${index}`);
  return value;
}
