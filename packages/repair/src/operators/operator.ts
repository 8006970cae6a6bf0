import type { ts } from 'ts-morph';
import type { Hints } from './hints.ts';

/** Characters [start, end) of the file replaced by `text`. */
export interface SpanChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface OperatorEdit {
  readonly changes: readonly SpanChange[];
  /** How natural the edit is among those of its operator, 0..1. */
  readonly naturalness: number;
}

/** One node of a suspicious line, with what an operator may draw from. */
export interface EditSite {
  readonly node: ts.Node;
  readonly file: ts.SourceFile;
  /** Names that are bound where the node stands, nearest first. */
  readonly names: readonly string[];
  readonly hints: Hints;
}

/**
 * One kind of edit that mends programs when tests tell right from wrong. It is asked for every node and returns nothing for those it
 * does not fit. A new kind is one file and one line in the list.
 */
export interface RepairOperator {
  readonly name: string;
  /** How often published fixes are of this kind, 0..1; see `source`. */
  readonly prior: number;
  readonly source: string;
  propose(site: EditSite): readonly OperatorEdit[];
}

/** Replaces a node's text. */
export function put(node: ts.Node, text: string, naturalness: number): OperatorEdit {
  return { changes: [{ start: node.getStart(), end: node.end, text }], naturalness };
}

export function insertBefore(node: ts.Node, text: string, naturalness: number): OperatorEdit {
  return { changes: [{ start: node.getStart(), end: node.getStart(), text }], naturalness };
}

export function insertAfter(node: ts.Node, text: string, naturalness: number): OperatorEdit {
  return { changes: [{ start: node.end, end: node.end, text }], naturalness };
}
