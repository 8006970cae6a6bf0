import type { Anomaly, CitedFact, IssueAnalysis, RecordedCall, StackFrame } from '@selfheal/contracts';
import type { CodeView } from './code-view.ts';
import { confidenceOf, type Finding, rankFindings, toRootCause } from './finding.ts';
import { scoreChange } from './recent-change.ts';

const ALTERNATIVES = 6;

export interface IssueParts {
  readonly view: CodeView;
  readonly anomaly: Anomaly;
  readonly findings: readonly Finding[];
  readonly frames?: readonly StackFrame[];
  readonly calls: { readonly failing: RecordedCall[]; readonly passing: RecordedCall[] };
  /** What was observed, whatever the cause. */
  readonly facts: readonly CitedFact[];
  readonly release: string | undefined;
  /** Why nothing could be found, where nothing was. */
  readonly abstain?: string;
}

/** The analysis of one anomaly from its findings: the best is the root cause, the next ones are alternatives. */
export function toIssue({ view, anomaly, findings, frames = [], calls, facts, release, abstain }: IssueParts): IssueAnalysis {
  const [best, ...others] = rankFindings(findings);
  const common = {
    anomalyId: anomaly.id,
    type: anomaly.type,
    frames: [...frames],
    failingCalls: calls.failing,
    passingCalls: calls.passing,
  };
  if (best === undefined) return { ...common, ...nothingFound(view, anomaly, facts, abstain ?? 'no place in the code explains it') };
  const alternatives = others.slice(0, ALTERNATIVES);
  const change = scoreChange(view.codebase, best.location.functionId, release);
  const ambiguity = abstain ?? ambiguous(best, alternatives);
  return {
    ...common,
    rootCause: toRootCause(best),
    alternatives: alternatives.map(toRootCause),
    facts: [...facts, ...best.facts, ...changeFact(change)],
    guesses: [...best.guesses],
    ...(change.commit === undefined ? {} : { suspectCommit: change.commit }),
    ...(ambiguity === undefined ? {} : { abstain: ambiguity }),
    data: {
      ...best.data,
      alternatives: alternatives.map((one) => ({ ...one.data, category: one.category, file: one.location.file, line: one.location.line })),
    },
  };
}

/** A place that the telemetry claims is kept only where it is a source file: it may be forged. */
function nothingFound(view: CodeView, anomaly: Anomaly, facts: readonly CitedFact[], reason: string) {
  const { file = '', line = 0 } = anomaly.place;
  return {
    rootCause: {
      category: 'unknown',
      explanation: reason,
      location: view.file(file) === undefined ? { file: '', line: 0 } : { file, line },
      confidence: 0,
    },
    alternatives: [],
    facts: [...facts],
    guesses: [],
    abstain: reason,
    data: {},
  };
}

/** Two unlike places that fit equally and poorly: to pick one would be a guess. */
function ambiguous(best: Finding, others: readonly Finding[]): string | undefined {
  const place = (one: Finding) => `${one.location.file}:${one.location.line}:${one.location.column}`;
  const rivals = others.filter(
    (one) => place(one) !== place(best) && one.category === best.category && confidenceOf(one) >= confidenceOf(best) - 0.01,
  );
  if (rivals.length === 0 || confidenceOf(best) >= 0.5) return undefined;
  return `ambiguous: ${[best, ...rivals].slice(0, 4).map(place).join(', ')} fit equally`;
}

function changeFact(change: ReturnType<typeof scoreChange>): CitedFact[] {
  return change.commit === undefined ? [] : [{ statement: `the function was ${change.why}`, kind: 'history', commit: change.commit }];
}
