import type { Condition } from '../../interpreter/plan.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';
import { checkPattern } from '../pattern.ts';
import { checkShape } from './check-shape.ts';
import { conditionShape } from './shape-parts.ts';
import { checkMapped, checkPath, type Visible } from './visible.ts';

/** A condition; what is wrong with it is in the findings. */
export function readCondition(field: JsonField, visible: Visible, findings: Findings): Condition {
  const read = checkShape(field, conditionShape, findings);
  if (!read) return {};
  checkParts(field, findings);
  if (read.field !== undefined) checkPath(read.field, field.get('field') ?? field, visible, findings);
  checkMapped(field.get('value'), visible, findings);
  if (read.operator === 'regex') checkPattern(field.get('value') ?? field, findings);
  const list = (name: 'and' | 'or'): Condition[] => (field.get(name)?.items() ?? []).map((part) => readCondition(part, visible, findings));
  const not = field.get('not');
  return {
    ...(read.field !== undefined && { field: read.field, operator: read.operator ?? 'eq', value: read.value ?? null }),
    ...(read.and && { and: list('and') }),
    ...(read.or && { or: list('or') }),
    ...(not && { not: readCondition(not, visible, findings) }),
  };
}

function checkParts(field: JsonField, findings: Findings): void {
  const names = [...field.properties().keys()];
  if (names.includes('not') && names.length > 1) findings.add('error', 'VALUE_INVALID', field, '"not" stands alone in a condition');
  if (!['field', 'and', 'or', 'not'].some((name) => names.includes(name))) {
    findings.add('error', 'PROPERTY_MISSING', field, 'a condition needs a field', { expected: 'field, and, or, or not' });
  } else if (!names.includes('field') && (names.includes('operator') || names.includes('value'))) {
    findings.add('error', 'PROPERTY_MISSING', field, '"field" is missing: an operator compares a field', { expected: 'a path' });
  }
}
