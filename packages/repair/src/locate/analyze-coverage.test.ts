import type { CoverageDetails } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { analyzeCoverage } from './analyze-coverage.ts';
import { passingCall, sampleAnomaly, sampleCode } from './samples-for-tests.ts';

const SOURCE = `export function points(order) {
  let bonus = 0;
  if (order.first) bonus += 100;
  const rate = order.gold ? 3 : 1;
  return order.euros * rate + bonus;
}
`;

function details(parts: Partial<CoverageDetails> = {}): CoverageDetails {
  return {
    type: 'coverage',
    operation: 'points',
    uses: 42,
    function: {
      operation: 'points',
      functionId: 'src/points.js#points@1',
      name: 'points',
      file: 'src/points.js',
      startLine: 1,
      endLine: 6,
    },
    uncoveredLines: [2, 3, 4, 5, 99],
    inNewestRelease: true,
    calls: [
      passingCall('points', { euros: 1 }),
      passingCall('points', { euros: 2, first: true }),
      passingCall('points', { euros: 3, gold: true }),
    ],
    ...parts,
  };
}

test('untested code is described with its lines, branches, parameters and calls', () => {
  const { codebase, sources } = sampleCode({ 'src/points.js': SOURCE });
  const issue = analyzeCoverage(sampleAnomaly(details()), codebase, sources);
  expect(issue?.rootCause).toMatchObject({
    category: 'untested-code',
    expression: 'points',
    location: { file: 'src/points.js', line: 1, endLine: 6 },
  });
  expect(issue?.data).toMatchObject({
    functionId: 'src/points.js#points@1',
    uncoveredLines: [2, 3, 4, 5],
    exportedAs: 'points',
    pure: true,
    recordedCalls: 3,
    params: [{ name: 'order', optional: false }],
  });
  expect(issue?.data.branches).toEqual([
    { line: 3, kind: 'if', condition: 'order.first' },
    { line: 4, kind: 'conditional', condition: 'order.gold' },
  ]);
  expect(issue?.passingCalls).toHaveLength(3);
  expect(issue?.rootCause.confidence).toBeGreaterThan(0.9);
});

test('a function that moved is found by its operation', () => {
  const { codebase, sources } = sampleCode({ 'src/points.js': `// moved\n\n${SOURCE}` });
  expect(analyzeCoverage(sampleAnomaly(details()), codebase, sources)?.rootCause.location.line).toBe(3);
});

test('a function that is not in the sources makes it abstain', () => {
  const { codebase, sources } = sampleCode({ 'src/other.js': 'export const a = 1;\n' });
  expect(analyzeCoverage(sampleAnomaly(details()), codebase, sources)?.abstain).toMatch(/not a function/);
});
