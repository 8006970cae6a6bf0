import type { Anomaly, CodebaseInfo, CoverageDetails, IssueAnalysis, SourceSnapshot } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import type { CodeFunction } from '../codebase/code-index.ts';
import { descendants, endLineOf, lineOf } from '../codebase/syntax/parse-source.ts';
import { callsOf } from './anomaly-calls.ts';
import { type CodeView, createCodeView, locationOf, textOf } from './code-view.ts';
import type { Finding, Json } from './finding.ts';
import { functionAt } from './frame-sites.ts';
import { toIssue } from './issue.ts';
import { findOperation } from './operation-function.ts';
import { isPure } from './performance/purity.ts';
import { scoreChange } from './recent-change.ts';

/** Describes code that production uses and no test runs: its lines, branches, parameters and recorded calls. Undefined for other types. Pure. */
export function analyzeCoverage(anomaly: Anomaly, codebase: CodebaseInfo, sources: SourceSnapshot): IssueAnalysis | undefined {
  const { details } = anomaly;
  if (details.type !== 'coverage') return undefined;
  const view = createCodeView(codebase, sources);
  const one = coveredFunction(view, details);
  const calls = callsOf(anomaly);
  return toIssue({
    view,
    anomaly,
    findings: one === undefined ? [] : [untested(view, one, details, anomaly.release)],
    calls,
    facts: [{ statement: `\`${details.operation}\` ran ${details.uses} times in production`, kind: 'metric', lines: anomaly.evidence }],
    release: anomaly.release,
    ...(one === undefined ? { abstain: `\`${details.function.name}\` is not a function of a source file at this commit` } : {}),
  });
}

function coveredFunction(view: CodeView, { function: named, operation }: CoverageDetails): CodeFunction | undefined {
  const file = view.file(named.file);
  const known = view.functionById.get(named.functionId);
  if (file !== undefined && known !== undefined) return known;
  const other = view.functionById.get(findOperation(view.codebase, operation)?.functionId ?? '');
  if (other !== undefined && view.file(other.file.path) !== undefined) return other;
  return file && functionAt(view, file, named.startLine);
}

function untested(view: CodeView, one: CodeFunction, details: CoverageDetails, release: string | undefined): Finding {
  const info = view.infoById.get(one.id);
  const change = scoreChange(view.codebase, one.id, release);
  const uncovered = details.uncoveredLines.filter((line) => line >= one.startLine && line <= one.endLine);
  const location = locationOf(view, one.node);
  const recorded = details.calls.filter((call) => call.input !== undefined || call.request !== undefined).length;
  return {
    category: 'untested-code',
    location,
    expression: one.name,
    explanation: `no test runs ${uncovered.length} lines of \`${one.name}\`, which production ran ${details.uses} times`,
    data: {
      functionId: one.id,
      uncoveredLines: uncovered,
      branches: branchesOf(one, new Set(uncovered)),
      params: (info?.params ?? []).map((param) => ({
        name: param.name,
        optional: param.optional,
        ...(param.type === undefined ? {} : { type: param.type }),
      })),
      async: info?.async ?? false,
      pure: isPure(view, one),
      ...(info?.exportedAs === undefined ? {} : { exportedAs: info.exportedAs }),
      recordedCalls: recorded,
    },
    facts: [{ statement: `lines ${uncovered.join(', ')} of ${one.file.path} ran in no test`, kind: 'test', at: location }],
    guesses: [],
    scores: [
      { part: 'place', value: 1, why: 'the function is known' },
      { part: 'match', value: uncovered.length > 0 ? 1 : 0.5, why: `${uncovered.length} lines without a test` },
      {
        part: 'change',
        value: details.inNewestRelease ? 1 : change.value,
        why: details.inNewestRelease ? 'new in the newest release' : change.why,
      },
      { part: 'evidence', value: recorded >= 3 ? 1 : recorded > 0 ? 0.7 : 0.4, why: `${recorded} recorded calls to make tests of` },
    ],
  };
}

/** Decisions whose outcome lies on uncovered lines. */
function branchesOf(one: CodeFunction, uncovered: ReadonlySet<number>): Json[] {
  const branches: Json[] = [];
  for (const node of descendants(one.node.body)) {
    const decision = decisionOf(node);
    if (decision === undefined) continue;
    const lines = decision.outcomes.flatMap((outcome) =>
      Array.from({ length: endLineOf(outcome) - lineOf(outcome) + 1 }, (_, offset) => lineOf(outcome) + offset),
    );
    if (lines.some((line) => uncovered.has(line)))
      branches.push({ line: lineOf(node), kind: decision.kind, condition: textOf(decision.condition) });
  }
  return branches;
}

function decisionOf(node: ts.Node): { kind: string; condition: ts.Node; outcomes: ts.Node[] } | undefined {
  if (ts.isIfStatement(node))
    return { kind: 'if', condition: node.expression, outcomes: [node.thenStatement, ...(node.elseStatement ? [node.elseStatement] : [])] };
  if (ts.isConditionalExpression(node))
    return { kind: 'conditional', condition: node.condition, outcomes: [node.whenTrue, node.whenFalse] };
  if (ts.isSwitchStatement(node)) return { kind: 'switch', condition: node.expression, outcomes: [...node.caseBlock.clauses] };
  if (ts.isBinaryExpression(node) && /^(?:&&|\|\||\?\?)$/.test(node.operatorToken.getText()))
    return { kind: node.operatorToken.getText(), condition: node.left, outcomes: [node.right] };
  return undefined;
}
