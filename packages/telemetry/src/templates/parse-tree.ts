import { fits, piecesFit, piecesOf } from './open-token.ts';
import { ANY } from './shape.ts';
import { current, type Template } from './template.ts';

interface Node {
  words: Map<string, Node> | undefined;
  open: OpenEdge[] | undefined;
  /** The template that ends here, or the only one that goes on from here: branches grow where two part. */
  template: Template | undefined;
}

interface OpenEdge {
  token: string;
  pieces: string[];
  node: Node;
}

const MAX_STEPS = 512;

/**
 * Finds the template of a text: a tree over tokens, first parted by their number (after Drain: He, Zhu, Zheng, Lyu, ICWS 2017), where
 * equal words are tried before open tokens. Templates that changed are entered again; what they left is cleared when the tree is rebuilt.
 */
export class ParseTree {
  readonly #roots = new Map<number, Node>();

  add(template: Template): void {
    const root = this.#roots.get(template.tokens.length) ?? emptyNode();
    this.#roots.set(template.tokens.length, root);
    insert(root, template, 0);
  }

  find(tokens: readonly string[]): Template | undefined {
    const root = this.#roots.get(tokens.length);
    return root === undefined ? undefined : search(root, tokens, 0, { steps: MAX_STEPS });
  }

  clear(): void {
    this.#roots.clear();
  }
}

function insert(root: Node, template: Template, from: number): void {
  let node = root;
  for (let at = from; at < template.tokens.length; at += 1) {
    const only = node.template;
    if (only === undefined && node.words === undefined && node.open === undefined) break;
    node.template = undefined;
    if (only !== undefined && only !== template) childOf(node, only.tokens[at] ?? '').template = only;
    node = childOf(node, template.tokens[at] ?? '');
  }
  node.template = template;
}

function search(node: Node, tokens: readonly string[], at: number, budget: { steps: number }): Template | undefined {
  if (budget.steps <= 0) return undefined;
  budget.steps -= 1;
  if (node.template !== undefined) {
    const template = current(node.template);
    return allFit(template.tokens, tokens, at) ? template : undefined;
  }
  const token = tokens[at];
  if (token === undefined) return undefined;
  const word = node.words?.get(token);
  const found = word === undefined ? undefined : search(word, tokens, at + 1, budget);
  if (found !== undefined) return found;
  for (const open of node.open ?? []) {
    if (!piecesFit(open.pieces, token)) continue;
    const template = search(open.node, tokens, at + 1, budget);
    if (template !== undefined) return template;
  }
  return undefined;
}

function allFit(pattern: readonly string[], tokens: readonly string[], from: number): boolean {
  for (let at = from; at < tokens.length; at += 1) if (!fits(pattern[at] ?? '', tokens[at] ?? '')) return false;
  return true;
}

function childOf(node: Node, token: string): Node {
  if (token.includes(ANY)) {
    node.open ??= [];
    const known = node.open.find((open) => open.token === token);
    if (known !== undefined) return known.node;
    const child = emptyNode();
    node.open.push({ token, pieces: piecesOf(token), node: child });
    // The most telling first: `user=<*>` before `<*>`.
    node.open.sort((a, b) => b.token.length - a.token.length);
    return child;
  }
  node.words ??= new Map();
  const known = node.words.get(token);
  if (known !== undefined) return known;
  const child = emptyNode();
  node.words.set(token, child);
  return child;
}

function emptyNode(): Node {
  return { words: undefined, open: undefined, template: undefined };
}
