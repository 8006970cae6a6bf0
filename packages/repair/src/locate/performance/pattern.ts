import type { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import type { CodeView } from '../code-view.ts';
import type { Json } from '../finding.ts';

/** A piece of code that costs more than it must. */
export interface Pattern {
  readonly category: string;
  readonly node: ts.Node;
  readonly expression: string;
  readonly explanation: string;
  readonly data: Record<string, Json>;
  /** 0..1: how much this pattern costs in general, and how sure it is one. */
  readonly weight: number;
  /** How its cost grows with the size of the input. */
  readonly growth: 'constant' | 'linear' | 'quadratic';
}

/** Looks for one kind of costly code in a function. */
export type PatternFinder = (view: CodeView, one: CodeFunction) => Pattern[];
