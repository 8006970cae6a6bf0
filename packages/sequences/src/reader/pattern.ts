import { compilePattern } from '../interpreter/condition.ts';
import type { Findings } from './findings.ts';
import type { JsonField } from './json-field.ts';

/** A repeated group that itself holds a repetition, as in `(a+)+`: the time to match may grow exponentially. */
const NESTED_REPETITION = /\((?:[^()\\]|\\.)*(?:[+*]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})/;

/** Checks the pattern of a `regex` comparison where it is written as a literal. */
export function checkPattern(field: JsonField, findings: Findings): void {
  const { value } = field;
  if (typeof value !== 'string' || value.startsWith('$.')) return;
  if (!compilePattern(value)) findings.add('error', 'PATTERN_INVALID', field, `/${value}/ is not a regular expression`);
  else if (NESTED_REPETITION.test(value)) {
    findings.add('error', 'PATTERN_INVALID', field, `/${value}/ repeats a repetition, so that matching may take forever`, {
      expected: 'a pattern without nested repetition',
    });
  }
}
