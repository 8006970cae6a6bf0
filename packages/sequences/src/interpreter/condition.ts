import { SelfhealError } from '@selfheal/contracts/errors';
import { describe, mapValue } from './mapping.ts';
import { isRecord, resolvePath, type Scope } from './path.ts';
import type { Condition, Operator } from './plan.ts';

/**
 * Whether a condition holds: `(field comparison and every of `and`) or any of `or``. A field that is absent is like null:
 * it equals only null, and compares, contains and matches nothing.
 * @throws BEAT_INPUT_INVALID when values of different kinds are compared, or an operator gets a value it cannot use
 */
export function evaluateCondition(condition: Condition, scope: Scope): boolean {
  if (condition.not) return !evaluateCondition(condition.not, scope);
  const conjuncts: (() => boolean)[] = (condition.and ?? []).map((part) => () => evaluateCondition(part, scope));
  if (condition.field !== undefined) conjuncts.unshift(() => compareField(condition, scope));
  const alternatives = condition.or ?? [];
  if (conjuncts.length > 0 && conjuncts.every((holds) => holds())) return true;
  if (conjuncts.length === 0 && alternatives.length === 0) return true;
  return alternatives.some((part) => evaluateCondition(part, scope));
}

function compareField(condition: Condition, scope: Scope): boolean {
  const field = condition.field ?? '$';
  const actual = resolvePath(scope, field) ?? null;
  const expected = mapValue(condition.value, scope, field) ?? null;
  return COMPARE[condition.operator ?? 'eq'](actual, expected, field);
}

type Compare = (actual: unknown, expected: unknown, field: string) => boolean;

const COMPARE: Readonly<Record<Operator, Compare>> = {
  eq: (actual, expected) => sameValue(actual, expected),
  neq: (actual, expected) => !sameValue(actual, expected),
  gt: (actual, expected, field) => order(actual, expected, field, (difference) => difference > 0),
  gte: (actual, expected, field) => order(actual, expected, field, (difference) => difference >= 0),
  lt: (actual, expected, field) => order(actual, expected, field, (difference) => difference < 0),
  lte: (actual, expected, field) => order(actual, expected, field, (difference) => difference <= 0),
  in: isIn,
  contains,
  regex: matches,
  exists: (actual, expected) => (actual !== null) === (expected !== false),
};

/** Same JSON value; the order of an object's keys does not matter. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => sameValue(item, right[index]));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]));
}

/** Numbers by value (also when one is written as text), texts by code unit, which orders ISO dates by time. */
function order(actual: unknown, expected: unknown, field: string, test: (difference: number) => boolean): boolean {
  if (actual === null || expected === null) return false;
  const [left, right] = [asNumber(actual), asNumber(expected)];
  if (left !== undefined && right !== undefined && (typeof actual === 'number' || typeof expected === 'number')) return test(left - right);
  if (typeof actual === 'string' && typeof expected === 'string') return test(actual < expected ? -1 : actual > expected ? 1 : 0);
  throw incomparable(field, `${describe(actual)} cannot be compared with ${describe(expected)}`);
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function isIn(actual: unknown, expected: unknown, field: string): boolean {
  if (typeof expected === 'string') return typeof actual === 'string' && expected.includes(actual);
  if (!Array.isArray(expected)) throw incomparable(field, `"in" needs a list, not ${describe(expected)}`);
  return expected.some((item) => sameValue(actual, item));
}

function contains(actual: unknown, expected: unknown, field: string): boolean {
  if (actual === null) return false;
  if (typeof actual === 'string') return actual.includes(typeof expected === 'string' ? expected : JSON.stringify(expected));
  if (Array.isArray(actual)) return actual.some((item) => sameValue(item, expected));
  if (isRecord(actual)) return typeof expected === 'string' && Object.hasOwn(actual, expected);
  throw incomparable(field, `"contains" needs a text, a list or an object, not ${describe(actual)}`);
}

/** A pattern may come from a stranger's document: what it is matched against is bounded, so that it cannot stall a run. */
const MAX_SUBJECT = 10_000;

function matches(actual: unknown, expected: unknown, field: string): boolean {
  if (actual === null) return false;
  if (typeof expected !== 'string') throw incomparable(field, `"regex" needs a pattern, not ${describe(expected)}`);
  const pattern = compilePattern(expected);
  if (!pattern) throw incomparable(field, `/${expected}/ is not a regular expression`);
  const subject = typeof actual === 'string' ? actual : JSON.stringify(actual);
  return pattern.test(subject.slice(0, MAX_SUBJECT));
}

/** Also takes the leading `(?i)` of other engines; undefined where the pattern is not one. */
export function compilePattern(source: string): RegExp | undefined {
  const ignoreCase = source.startsWith('(?i)');
  try {
    return new RegExp(ignoreCase ? source.slice('(?i)'.length) : source, ignoreCase ? 'i' : '');
  } catch {
    return undefined;
  }
}

function incomparable(field: string, why: string): SelfhealError {
  return new SelfhealError('BEAT_INPUT_INVALID', `the condition on "${field}" cannot be decided: ${why}`);
}
