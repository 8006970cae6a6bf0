import type { BeatInput, Check, Handler, Validation } from '@selfheal/contracts';
import { calibrate, priorConfidence } from './confidence.ts';

type Results = BeatInput<'aggregateValidationResults'>;

const NO_TESTS: Validation['tests'] = { passed: 0, failed: 0, skipped: 0, changed: [], newTests: [], flaky: [], durationMs: 0 };

/**
 * validation.run, movement results. One list of checks, one verdict, one confidence. A check that was not made because an earlier one
 * failed counts as failed.
 * Reads: what the beats before found. Writes: nothing. Fails: never.
 */
export const aggregateValidationResults: Handler<'aggregateValidationResults'> = (results) => {
  const { patch, integrity, documentation, coverage, performance, growth } = results;
  const checks = [
    ...[applies(results), intact(results), syntax(results), proved(results), unchanged(results)],
    ...[linesCovered(results), notSlower(results), ...growsNoFaster(results), documented(results), stable(results)],
  ];
  const passed = checks.every((check) => check.passed || !check.required);
  return {
    validation: {
      projectId: patch.projectId,
      incidentId: patch.incidentId,
      patchId: patch.id,
      patchHash: patch.hash,
      base: patch.base,
      passed,
      checks,
      proof: results.proof ?? notRun(results),
      tests: results.tests ?? NO_TESTS,
      ...(coverage === undefined ? {} : { coverage }),
      ...(performance === undefined ? {} : { performance }),
      ...(growth === undefined ? {} : { growth }),
      documentation,
      integrity,
      confidence: passed ? confidenceOf(results) : 0,
    },
  };
};

function required(name: string, passed: boolean, detail: string): Check {
  return { name, passed, required: true, detail };
}

function applies({ applies: does, conflict, patch }: Results): Check {
  return required('applies', does, does ? `on ${patch.base.slice(0, 12)}` : (conflict ?? 'the patch does not apply'));
}

function intact({ integrity }: Results): Check {
  const found = integrity.violations.map(
    ({ rule, file, line, detail }) => `${rule} in ${file}${line === undefined ? '' : `:${line}`}: ${detail}`,
  );
  return required('integrity', integrity.valid, integrity.valid ? 'no test weakened, no file beyond the diagnosis' : found.join('; '));
}

function syntax({ patch }: Results): Check {
  const [first] = patch.syntax.errors;
  return required('syntax', patch.syntax.valid, first === undefined ? 'no new error' : `${first.file}:${first.line}: ${first.message}`);
}

function proved({ proof }: Results): Check {
  return required('proof', proof?.holds ?? false, proof?.detail ?? 'not run');
}

function unchanged({ tests }: Results): Check {
  const changed = tests?.changed ?? [];
  const detail = changed.map(({ id, base, head }) => `${id}: ${base} before, ${head} after`).join('; ');
  if (tests === undefined) return required('other tests', false, 'not run');
  return required('other tests', changed.length === 0, changed.length === 0 ? `${tests.passed} pass, none changed its result` : detail);
}

function linesCovered({ coverage, tests }: Results): Check {
  if (coverage === undefined)
    return { name: 'changed lines', passed: tests !== undefined, required: false, detail: 'coverage was not measured' };
  const { covered, total, uncovered } = coverage.changedLines;
  return required(
    'changed lines',
    uncovered.length === 0,
    uncovered.length === 0 ? `${covered} of ${total} run by tests` : `not run by any test: ${uncovered.join(', ')}`,
  );
}

function notSlower({ performance }: Results): Check {
  return required('no slowdown', performance?.slower !== true, performance?.detail ?? 'nothing to time');
}

/** Where the incident is about time. */
function growsNoFaster({ growth }: Results): Check[] {
  if (growth === undefined) return [];
  return [required('growth', !growth.worse, growth.detail), required('memory', !growth.memoryWorse, growth.memoryDetail)];
}

function documented({ documentation }: Results): Check {
  return required(
    'documentation',
    documentation.valid,
    documentation.valid ? `${documentation.checked} places checked` : documentation.errors.join('; '),
  );
}

function stable({ tests }: Results): Check {
  const flaky = tests?.flaky ?? [];
  return {
    name: 'stable tests',
    passed: flaky.length === 0,
    required: false,
    detail: flaky.length === 0 ? 'no test gave both results' : `gave both results on the same code: ${flaky.join(', ')}`,
  };
}

function notRun({ patch, conflict, integrity }: Results): Validation['proof'] {
  const why = conflict ?? (integrity.valid ? 'the tests were not run' : 'not run, as the patch is not sound');
  return { class: patch.type, holds: false, headPasses: false, plantedFailureSeen: false, detail: why };
}

function confidenceOf({ patch, diagnosis, proof, tests, coverage, calibration }: Results): number {
  const mutants = proof?.mutants;
  const { covered, total } = coverage?.changedLines ?? { covered: 0, total: 0 };
  const prior = priorConfidence({
    proof: proof?.holds ? 1 : 0,
    diagnosis: diagnosis.confidence,
    template: patch.candidate?.prior ?? (mutants === undefined || mutants.total === 0 ? 0 : mutants.killed / mutants.total),
    otherTests: Math.max(0, (tests?.passed ?? 0) - patch.test.titles.length),
    changedLinesCovered: total === 0 ? 0 : covered / total,
  });
  return calibrate(prior, patch.type, calibration);
}
