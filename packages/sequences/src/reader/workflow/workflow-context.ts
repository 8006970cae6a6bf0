import type { Condition } from '../../interpreter/plan.ts';
import { parseDuration } from '../duration.ts';
import { readForeignCondition } from '../foreign/condition.ts';
import type { ForeignContext } from '../foreign/foreign-context.ts';
import type { ForeignScope } from '../foreign/templates.ts';
import type { JsonField } from '../json-field.ts';

/** What reading the steps of one workflow document shares. */
export interface WorkflowContext extends ForeignContext {
  readonly scope: ForeignScope;
}

/** Durations of workflow documents are texts ("5m"); a bare number counts seconds. */
const BARE_UNIT_MS = 1_000;

/** Milliseconds; a duration that cannot be read is reported and left out. */
export function readWorkflowDuration(field: JsonField | undefined, { findings }: ForeignContext): number | undefined {
  if (!field) return undefined;
  const ms = parseDuration(field.value, BARE_UNIT_MS);
  if (ms === undefined)
    findings.add('error', 'VALUE_INVALID', field, `"${field.shown}" is not a duration`, {
      expected: 'a duration such as "30s", "5m", "24h"',
    });
  else if (typeof field.value === 'number') findings.add('info', 'ASSUMED', field, `${field.value} is taken as seconds`);
  return ms;
}

export function readStepCondition(step: JsonField, context: WorkflowContext): Condition {
  const condition = step.first('condition', 'conditions', 'if');
  if (condition) return readForeignCondition(condition, context.scope, context.findings);
  context.findings.add('error', 'PROPERTY_MISSING', step, '"condition" is missing: this step decides nothing', {
    expected: 'an object with field, operator and value',
  });
  return {};
}
