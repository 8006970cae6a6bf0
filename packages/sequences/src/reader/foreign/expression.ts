import type { Condition, Operator } from '../../interpreter/plan.ts';
import { type ForeignScope, foreignPath } from './templates.ts';

const OPERATORS: Readonly<Record<string, Operator>> = {
  '===': 'eq',
  '==': 'eq',
  '!==': 'neq',
  '!=': 'neq',
  '>=': 'gte',
  '<=': 'lte',
  '>': 'gt',
  '<': 'lt',
};

const COMPARISON = /^(.+?)\s*(===|!==|==|!=|>=|<=|>|<)\s*(.+)$/s;

/**
 * Comparisons joined by `&&` and `||`, as in `result.ok === true && items.length > 0`; undefined for any other expression.
 * Nothing is ever evaluated as code.
 */
export function parseExpression(text: string, scope: ForeignScope): Condition | undefined {
  const alternatives = splitOutsideQuotes(text, '||').map((part) => parseConjunction(part, scope));
  const read = alternatives.filter((part) => part !== undefined);
  if (read.length < alternatives.length) return undefined;
  return read.length === 1 ? read[0] : { or: read };
}

function parseConjunction(text: string, scope: ForeignScope): Condition | undefined {
  const parts = splitOutsideQuotes(text, '&&').map((part) => parseComparison(part.trim(), scope));
  const read = parts.filter((part) => part !== undefined);
  if (read.length < parts.length) return undefined;
  return read.length === 1 ? read[0] : { and: read };
}

function parseComparison(text: string, scope: ForeignScope): Condition | undefined {
  const comparison = COMPARISON.exec(text);
  if (!comparison) return parseTruth(text, scope);
  const [, left = '', sign = '', right = ''] = comparison;
  const field = operandPath(left, scope);
  const operator = OPERATORS[sign];
  const value = literal(right.trim()) ?? pathOperand(right, scope);
  return field === undefined || operator === undefined || value === undefined ? undefined : { field, operator, value: value.value };
}

/** `x` and `!x`, read as a comparison with true. */
function parseTruth(text: string, scope: ForeignScope): Condition | undefined {
  const constant = literal(text);
  if (typeof constant?.value === 'boolean') return { field: '$.input', operator: 'exists', value: constant.value };
  const negated = text.startsWith('!');
  const field = operandPath(negated ? text.slice(1) : text, scope);
  return field === undefined ? undefined : { field, operator: negated ? 'neq' : 'eq', value: true };
}

function operandPath(written: string, scope: ForeignScope): string | undefined {
  const name = written.trim().replace(/^\{\{\s*|\s*\}\}$|^\$\{\s*|\s*\}$/g, '');
  return /^[A-Za-z_$][\w$-]*(?:\.[\w$-]+|\[\d+\])*$/.test(name) ? foreignPath(name, scope) : undefined;
}

function pathOperand(written: string, scope: ForeignScope): { readonly value: string } | undefined {
  const value = operandPath(written, scope);
  return value === undefined ? undefined : { value };
}

function literal(text: string): { readonly value: unknown } | undefined {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return { value: Number(text) };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  if (text === 'null' || text === 'undefined') return { value: null };
  const quoted = /^(["'`])([^"'`]*)\1$/.exec(text)?.[2];
  if (quoted === undefined) return undefined;
  return { value: /^\$[.[]/.test(quoted) ? { value: quoted } : quoted };
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = [''];
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === character) quote = '';
    else if (quote === '' && /["'`]/.test(character)) quote = character;
    if (quote === '' && text.startsWith(separator, at)) {
      parts.push('');
      at += separator.length - 1;
    } else parts[parts.length - 1] += character;
  }
  return parts;
}
