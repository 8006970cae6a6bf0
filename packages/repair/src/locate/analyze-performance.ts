import type { Anomaly, CitedFact, CodebaseInfo, IssueAnalysis, PerformanceDetails, SourceSnapshot } from '@selfheal/contracts';
import type { CodeFunction } from '../codebase/code-index.ts';
import { callsOf } from './anomaly-calls.ts';
import { type CodeView, createCodeView, locationOf, withCallees } from './code-view.ts';
import type { Finding } from './finding.ts';
import { toIssue } from './issue.ts';
import { findOperation } from './operation-function.ts';
import { type Growth, measureGrowth } from './performance/growth.ts';
import type { Pattern, PatternFinder } from './performance/pattern.ts';
import { findQuadraticLoops } from './performance/quadratic-loops.ts';
import { findLoopInvariants, findRepeatedCalls } from './performance/repeated-work.ts';
import { findSequentialAwaits } from './performance/sequential-awaits.ts';
import { findSyncIo, findWaits } from './performance/waiting.ts';
import { scoreChange } from './recent-change.ts';

const FINDERS: readonly PatternFinder[] = [
  findSequentialAwaits,
  findQuadraticLoops,
  findLoopInvariants,
  findRepeatedCalls,
  findWaits,
  findSyncIo,
];
const CALL_DEPTH = 4;

/** Finds what makes an operation slow, in its function and those it calls. Undefined for anomalies of another type. Pure. */
export function analyzePerformance(anomaly: Anomaly, codebase: CodebaseInfo, sources: SourceSnapshot): IssueAnalysis | undefined {
  const { details } = anomaly;
  if (details.type !== 'performance') return undefined;
  const view = createCodeView(codebase, sources);
  const calls = callsOf(anomaly);
  const growth = measureGrowth([...calls.failing, ...calls.passing]);
  const served = servedFunction(view, anomaly, details);
  const release = details.expectedFrom === 'release' || details.before !== undefined ? anomaly.release : undefined;
  const findings = served === undefined ? [] : searchFrom(view, served, details, growth, release);
  return toIssue({
    view,
    anomaly,
    findings,
    calls,
    facts: seenFacts(details, growth, served),
    release,
    ...(served === undefined ? { abstain: `no function of the repository serves \`${details.operation}\`` } : {}),
  });
}

function servedFunction(view: CodeView, anomaly: Anomaly, details: PerformanceDetails): CodeFunction | undefined {
  for (const name of [details.operation, anomaly.place.handler, anomaly.place.function]) {
    const found = name === undefined ? undefined : view.functionById.get(findOperation(view.codebase, name)?.functionId ?? '');
    if (found !== undefined && view.file(found.file.path) !== undefined) return found;
  }
  return undefined;
}

function searchFrom(
  view: CodeView,
  served: CodeFunction,
  details: PerformanceDetails,
  growth: Growth | undefined,
  release: string | undefined,
): Finding[] {
  const found = withCallees(view, served, CALL_DEPTH).flatMap(({ one, depth }) =>
    FINDERS.flatMap((find) => find(view, one)).map((pattern) => toFinding(view, pattern, depth, details, growth, release)),
  );
  return found.length > 0 ? found : [unexplained(view, served, details, release)];
}

function toFinding(
  view: CodeView,
  pattern: Pattern,
  depth: number,
  details: PerformanceDetails,
  growth: Growth | undefined,
  release: string | undefined,
): Finding {
  const location = locationOf(view, pattern.node);
  const change = scoreChange(view.codebase, location.functionId, release);
  const growthFactor = fitOfGrowth(pattern, growth);
  return {
    category: pattern.category,
    location,
    expression: pattern.expression,
    explanation: pattern.explanation,
    data: pattern.data,
    facts: [{ statement: pattern.explanation, kind: 'code', at: location }],
    guesses: [`this is what makes \`${details.operation}\` ${details.ratio.toFixed(1)} times as slow as expected`],
    scores: [
      {
        part: 'place',
        value: Math.max(0.5, 1 - 0.12 * depth),
        why:
          depth === 0
            ? `in the function that serves ${details.operation}`
            : `${depth} calls below the function that serves ${details.operation}`,
      },
      { part: 'match', value: Math.min(1, pattern.weight * growthFactor.factor), why: growthFactor.why },
      { part: 'change', value: change.value, why: change.why },
      {
        part: 'evidence',
        value: evidenceOf(details),
        why: `${details.count} calls, p95 ${details.p95.toFixed(1)} ms against ${details.expectedMs.toFixed(1)} ms expected`,
      },
    ],
  };
}

/** Durations that grow as the pattern would have them speak for it; durations that do not, against it. */
function fitOfGrowth(pattern: Pattern, growth: Growth | undefined): { factor: number; why: string } {
  if (growth === undefined || growth.fit < 0.4) return { factor: 1, why: 'how its cost grows with the input is not known' };
  const said = `durations grow with \`${growth.by}\` to the power ${growth.exponent.toFixed(1)}`;
  const expected = { constant: 0, linear: 1, quadratic: 2 }[pattern.growth];
  const off = Math.abs(growth.exponent - expected);
  return { factor: off < 0.5 ? 1.15 : off < 1 ? 1 : 0.75, why: said };
}

function evidenceOf(details: PerformanceDetails): number {
  const sure = details.pValue !== undefined && details.pValue < 0.01 ? 0.3 : 0.1;
  return Math.min(1, 0.4 + sure + (details.count >= 50 ? 0.2 : 0.1) + (details.ratio >= 2 ? 0.1 : 0));
}

function unexplained(view: CodeView, served: CodeFunction, details: PerformanceDetails, release: string | undefined): Finding {
  const change = scoreChange(view.codebase, served.id, release);
  return {
    category: 'unknown',
    location: locationOf(view, served.node),
    explanation: `no known costly pattern in \`${served.name}\` and what it calls`,
    data: { function: served.id },
    facts: [],
    guesses: [],
    scores: [
      { part: 'place', value: 0.5, why: `it serves ${details.operation}` },
      { part: 'match', value: 0.1, why: 'nothing in the code explains the time' },
      { part: 'change', value: change.value, why: change.why },
      { part: 'evidence', value: evidenceOf(details), why: `${details.count} calls` },
    ],
  };
}

function seenFacts(details: PerformanceDetails, growth: Growth | undefined, served: CodeFunction | undefined): CitedFact[] {
  const source = { budget: 'its budget', release: 'the release before', window: 'the window before', baseline: 'its learned baseline' }[
    details.expectedFrom
  ];
  const facts: CitedFact[] = [
    {
      statement: `\`${details.operation}\` takes ${details.seenMs.toFixed(1)} ms, ${details.ratio.toFixed(1)} times the ${details.expectedMs.toFixed(1)} ms of ${source} (${details.count} calls)`,
      kind: 'metric',
      lines: details.slowest.map(({ eventId, source: from, line, time, text }) => ({ eventId, source: from, line, time, text })),
    },
  ];
  if (growth !== undefined) {
    facts.push({
      statement: `its duration grows with \`${growth.by}\` to the power ${growth.exponent.toFixed(2)} (fit ${growth.fit.toFixed(2)}, ${growth.calls} calls)`,
      kind: 'metric',
    });
  }
  if (served !== undefined)
    facts.push({
      statement: `\`${served.name}\` serves it`,
      kind: 'code',
      at: { file: served.file.path, line: served.startLine, function: served.name },
    });
  return facts;
}
