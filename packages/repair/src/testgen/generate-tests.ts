import type { RegressionTest } from '@selfheal/contracts';
import { applyEdits } from '../patch/apply-edits.ts';
import { syntaxFaults } from '../patch/check-types.ts';
import { concurrencyTests } from './concurrency-tests.ts';
import { coverageTests } from './coverage-tests.ts';
import { errorTests } from './error-tests.ts';
import { growthMeasurement } from './growth-measurement.ts';
import { growthTests } from './growth-tests.ts';
import { httpTests } from './http-tests.ts';
import { orderTests } from './order-tests.ts';
import { recursionTests } from './recursion-tests.ts';
import { renderTest } from './render-test.ts';
import { type TestInput, testContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';
import { TestTypes } from './test-types.ts';

const MAX_TESTS = 12;

export interface GeneratedTests {
  /** Best first, at most twelve. */
  tests: RegressionTest[];
  notes: string[];
}

/**
 * Regression tests for a diagnosed fault, from what production logged, in the repository's own runner and style. Several, because only a
 * run on the base shows which of them reproduces the fault. Pure.
 */
export function generateTests(input: TestInput): GeneratedTests {
  const context = testContext(input);
  const plans = plansOf(context).sort((a, b) => b.weight - a.weight);
  const tests = new Map<string, RegressionTest>();
  const notes: string[] = [];
  const types = new TestTypes(input.sources.files);
  const growth = context.anomaly.type === 'performance' ? growthMeasurement(context) : undefined;
  for (const plan of plans) {
    if (tests.size === MAX_TESTS) break;
    const test = types.fitting(plan, (one) => renderTest(one, one.style ?? context.style, input.sources));
    const after = applyEdits(input.sources.files, test.edits);
    const [fault] = syntaxFaults(test.file, after[test.file] ?? '');
    if (fault) notes.push(`a test of ${plan.subject} was left out: line ${fault.line}: ${fault.message}`);
    else if (!tests.has(test.id)) tests.set(test.id, growth === undefined ? test : { ...test, growth });
  }
  if (tests.size === 0) notes.push(nothingReason(input, plans));
  return { tests: [...tests.values()], notes };
}

function plansOf(context: ReturnType<typeof testContext>): TestPlan[] {
  switch (context.anomaly.type) {
    case 'error':
      return [...errorTests(context), ...httpTests(context)];
    case 'coverage':
      return coverageTests(context);
    case 'performance':
      return [...concurrencyTests(context), ...growthTests(context), ...recursionTests(context)];
    case 'behavioral':
      return orderTests(context);
  }
}

function nothingReason({ diagnosis }: TestInput, plans: readonly TestPlan[]): string {
  if (plans.length > 0) return 'no test could be written that parses';
  const { file, line } = diagnosis.analysis.rootCause.location;
  return `no exported function and no app leads to ${file}:${line}, so no test can reach it`;
}
