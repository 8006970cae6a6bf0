import { toStringLiteral } from './literal.ts';
import type { TestStyle } from './test-style.ts';

/** `actual` equals `expected`, with a message that a failure shows; undefined where the runner's assertions take none (jest). */
export function equalByRule(actual: string, expected: string, rule: string, style: TestStyle): string | undefined {
  const { kind, name } = style.assertion;
  const { quote, semicolon } = style.code;
  const message = toStringLiteral(rule, quote);
  if (kind === 'chai') return `${name}(${actual}, ${message}).to.deep.equal(${expected})${semicolon}`;
  if (kind === 'expect') return style.runner === 'vitest' ? `${name}(${actual}, ${message}).toEqual(${expected})${semicolon}` : undefined;
  if (kind === 'tap') return `${name}.strictSame(${actual}, ${expected}, ${message})${semicolon}`;
  return `${name}.${kind === 'assert' ? 'deepStrictEqual' : 'deepEqual'}(${actual}, ${expected}, ${message})${semicolon}`;
}
