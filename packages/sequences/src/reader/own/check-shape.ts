import { z } from 'zod';
import { nearestName } from '../../nearest.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';

/** The value of a field when it has the shape; otherwise undefined, with a finding for each thing that is wrong. */
export function checkShape<T>(field: JsonField, shape: z.ZodType<T>, findings: Findings): T | undefined {
  const result = shape.safeParse(field.value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) report(issue, field, shape, findings);
  return undefined;
}

type Issue = z.core.$ZodIssue;

function report(issue: Issue, field: JsonField, shape: z.ZodType, findings: Findings): void {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const place = field.at(...path);
  if (issue.code === 'unrecognized_keys') reportUnknownKeys(issue.keys, place ?? field, knownKeys(shape, path), findings);
  else if (place) reportValue(issue, place, path, findings);
  else {
    const parent = field.at(...path.slice(0, -1)) ?? field;
    findings.add('error', 'PROPERTY_MISSING', parent, `"${String(path.at(-1))}" is missing`, { expected: expectationOf(issue) });
  }
}

function reportValue(issue: Issue, place: JsonField, path: readonly (string | number)[], findings: Findings): void {
  const name = path.length === 0 ? 'this' : `"${path.join('.')}"`;
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    const found = place.shown;
    const details = { expected: `one of ${known.join(', ')}`, nearest: nearestName(found, known) };
    const code = path.at(-1) === 'operator' ? 'OPERATOR_UNKNOWN' : 'VALUE_INVALID';
    findings.add('error', code, place, `${name} cannot be "${found}"`, details);
  } else findings.add('error', 'VALUE_INVALID', place, `${name} has a value that does not fit`, { expected: expectationOf(issue) });
}

function reportUnknownKeys(keys: readonly string[], parent: JsonField, known: readonly string[], findings: Findings): void {
  for (const key of keys) {
    const place = parent.get(key)?.key ?? parent;
    findings.unknownName('error', 'PROPERTY_UNKNOWN', place, 'the property', key, known);
  }
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return expectation(issue.expected);
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? `at least ${issue.minimum} in it` : `at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? `at most ${issue.maximum} in it` : `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const EXPECTATIONS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function expectation(type: string): string {
  return EXPECTATIONS[type] ?? type;
}

/** The names that an object at this path may have, read from the shape's own JSON schema. */
function knownKeys(shape: z.ZodType, path: readonly (string | number)[]): string[] {
  let schema: unknown = z.toJSONSchema(shape, { io: 'input' });
  for (const step of path) schema = member(member(schema, 'properties'), String(step));
  const properties = member(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
