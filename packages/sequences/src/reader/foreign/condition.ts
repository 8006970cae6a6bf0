import type { Condition, Operator } from '../../interpreter/plan.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';
import { checkPattern } from '../pattern.ts';
import { parseExpression } from './expression.ts';
import { type ForeignScope, foreignPath, mappedTemplate } from './templates.ts';

/** Operators as other tools write them → ours; `negated` wraps the comparison in `not`. */
const OPERATOR_WORDS: Readonly<Record<string, { readonly operator: Operator; readonly negated?: true }>> = {
  ...words('eq', 'eq', '==', '=', '===', 'equals', 'equal', 'is'),
  ...words('neq', 'neq', 'ne', '!=', '!==', '<>', 'not_equals', 'not_equal', 'is_not'),
  ...words('gt', 'gt', '>', 'greater_than'),
  ...words('gte', 'gte', '>=', 'greater_than_or_equal', 'greater_or_equal'),
  ...words('lt', 'lt', '<', 'less_than'),
  ...words('lte', 'lte', '<=', 'less_than_or_equal', 'less_or_equal'),
  ...words('in', 'in', 'one_of'),
  ...words('contains', 'contains', 'includes'),
  ...words('regex', 'regex', 'matches', '=~'),
  ...words('exists', 'exists'),
  not_in: { operator: 'in', negated: true },
  nin: { operator: 'in', negated: true },
  not_contains: { operator: 'contains', negated: true },
  not_exists: { operator: 'exists', negated: true },
};

function words(operator: Operator, ...names: readonly string[]): Record<string, { readonly operator: Operator }> {
  return Object.fromEntries(names.map((name) => [name, { operator }]));
}

/** A condition of another tool: `{ field, operator, value, and, or, not }`, or an expression such as `order.total >= 100`. */
export function readForeignCondition(field: JsonField, scope: ForeignScope, findings: Findings): Condition {
  if (typeof field.value === 'string') return readExpression(field.value, field, scope, findings);
  if (!field.isObject) {
    findings.add('error', 'VALUE_INVALID', field, 'this is not a condition', { expected: 'an object with field, operator and value' });
    return {};
  }
  const list = (...names: readonly string[]) =>
    field
      .first(...names)
      ?.items()
      .map((part) => readForeignCondition(part, scope, findings));
  const [and, or, not] = [list('and', 'all'), list('or', 'any'), field.get('not')];
  const parts: Condition = { ...(and && and.length > 0 && { and }), ...(or && or.length > 0 && { or }) };
  if (not) return { and: [{ not: readForeignCondition(not, scope, findings) }, ...(parts.and ?? [])], ...(parts.or && { or: parts.or }) };
  const named = field.get('field');
  if (!named && !parts.and && !parts.or)
    findings.add('error', 'PROPERTY_MISSING', field, '"field" is missing in this condition', { expected: 'field, and, or, or not' });
  if (typeof named?.value !== 'string' || named.value === '') return parts;
  return withComparison(parts, readComparison(named.value, field, scope, findings));
}

function withComparison(parts: Condition, comparison: Condition): Condition {
  if (!comparison.not) return { ...comparison, ...parts };
  return { and: [comparison, ...(parts.and ?? [])], ...(parts.or && { or: parts.or }) };
}

function readComparison(written: string, field: JsonField, scope: ForeignScope, findings: Findings): Condition {
  const word = field.get('operator');
  const given = typeof word?.value === 'string' ? word.value.trim().toLowerCase() : 'eq';
  const known = Object.hasOwn(OPERATOR_WORDS, given) ? OPERATOR_WORDS[given] : undefined;
  if (!known) findings.unknownName('error', 'OPERATOR_UNKNOWN', word ?? field, 'the operator', given, OPERATORS_SHOWN);
  const path = foreignPath(written.replace(/^\{\{\s*|\s*\}\}$/g, ''), scope);
  if (path === undefined) findings.add('error', 'PATH_INVALID', field.get('field') ?? field, `the field "${written}" cannot be read`);
  const value = field.get('value');
  if (known?.operator === 'regex' && value) checkPattern(value, findings);
  const comparison: Condition = {
    field: path ?? '$',
    operator: known?.operator ?? 'eq',
    value: mappedTemplate(value?.value ?? null, scope),
  };
  return known?.negated ? { not: comparison } : comparison;
}

const OPERATORS_SHOWN = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'contains', 'regex', 'exists'];

/** A condition written as an expression; reported where it is more than comparisons joined by && and ||. */
export function readExpression(text: string, place: JsonField, scope: ForeignScope, findings: Findings): Condition {
  const condition = parseExpression(text, scope);
  if (!condition) {
    findings.add('error', 'VALUE_INVALID', place, `the expression "${text}" cannot be evaluated here`, {
      expected: 'comparisons such as order.total >= 100, joined by && or ||',
    });
  }
  return condition ?? {};
}
