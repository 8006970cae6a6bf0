import type { TextChange } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import type { CompileCheck } from './compile-check.ts';
import type { CompileError } from './compile-error.ts';

/** An error of the compiler, with what a fix may draw from. */
export interface TypeSite {
  readonly error: CompileError;
  /** The smallest node around what the message marks. */
  readonly node: ts.Node;
  readonly file: ts.SourceFile;
  readonly checker: ts.TypeChecker;
  readonly check: CompileCheck;
}

export interface TypeEdit {
  readonly changes: readonly TextChange[];
  /** How natural the edit is among those of its fix, 0..1. */
  readonly naturalness: number;
}

/**
 * One kind of edit that answers compile errors. It is asked for every error with one of its codes (all where it names none); whether an
 * edit compiles is not its concern: each is checked. A new kind is one file and one line in the list.
 */
export interface TypeFix {
  readonly name: string;
  readonly prior: number;
  readonly source: string;
  readonly codes?: ReadonlySet<number>;
  propose(site: TypeSite): Iterable<TypeEdit>;
}

/** Replaces a node's text, in the file that the error is in or in the node's own. */
export function putTyped({ check }: TypeSite, node: ts.Node, text: string, naturalness: number): TypeEdit {
  return { changes: [changeOf(check, node.getSourceFile(), node.getStart(), node.end, text)], naturalness };
}

export function changeOf(check: CompileCheck, file: ts.SourceFile, start: number, end: number, text: string): TextChange {
  return { file: file.fileName.slice(check.root.length + 1), start, end, text };
}

export function insertedBefore(check: CompileCheck, node: ts.Node, text: string): TextChange {
  return changeOf(check, node.getSourceFile(), node.getStart(), node.getStart(), text);
}

/** The smallest node that spans [start, end). */
export function nodeAt(file: ts.SourceFile, start: number, end: number): ts.Node {
  let at: ts.Node = file;
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(at, (child) =>
      child.getStart(file) <= start && end <= child.end && child.end > child.getStart(file) ? child : undefined,
    );
    if (inner === undefined) return at;
    at = inner;
  }
}

/** The outermost node with the same span: the whole expression that a message marks. */
export function widest(node: ts.Node): ts.Node {
  let at = node;
  while (at.parent !== undefined && at.parent.getStart() === node.getStart() && at.parent.end === node.end) at = at.parent;
  return at;
}
