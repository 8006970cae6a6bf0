import type { Anomaly, AnomalyDetails, CodebaseInfo, Handler, Impact, IssueAnalysis, Level } from '@selfheal/contracts';
import { affectedBy } from './affected-code.ts';

/**
 * diagnosis.analyze, movement assess. How bad each issue is and what it reaches (callers over any number of calls, routes,
 * sequences); the issues of the four analysers come out as one list, worst first.
 * Reads: issues, anomalies, code base. Writes: nothing. Fails: never.
 */
export const assessImpact: Handler<'assessImpact'> = ({ issues, anomalies, codebase }) => {
  const byId = new Map(anomalies.map((anomaly) => [anomaly.id, anomaly]));
  const assessed = [...issues.errors, ...issues.behavioral, ...issues.performance, ...issues.coverage].flatMap((issue) => {
    const anomaly = byId.get(issue.anomalyId);
    return anomaly === undefined ? [] : [{ issue, impact: impactOf(issue, anomaly, codebase) }];
  });
  const worstFirst = assessed.sort((a, b) => LEVELS.indexOf(b.impact.severity) - LEVELS.indexOf(a.impact.severity));
  return {
    issues: worstFirst.map(({ issue }) => issue),
    impacts: worstFirst.map(({ issue, impact }) => ({ anomalyId: issue.anomalyId, impact })),
  };
};

const LEVELS: readonly Level[] = ['low', 'medium', 'high', 'critical'];

function impactOf(issue: IssueAnalysis, anomaly: Anomaly, codebase: CodebaseInfo): Impact {
  const affected = affectedBy(issue, codebase);
  const { details } = anomaly;
  const share = shareOf(details);
  return {
    severity: severityOf(anomaly, affected, share),
    affected,
    affectedCalls: callsOf(details),
    ...(share === undefined ? {} : { shareOfCalls: share }),
  };
}

function callsOf(details: AnomalyDetails): number {
  switch (details.type) {
    case 'error':
      return details.error.count;
    case 'performance':
      return details.count;
    case 'behavioral':
      return details.seen.count;
    case 'coverage':
      return details.uses;
    case 'signal':
      return 0;
  }
}

function shareOf(details: AnomalyDetails): number | undefined {
  if (details.type === 'error') return details.shareOfCalls;
  return details.type === 'behavioral' ? details.share : undefined;
}

/** Points for how many calls it hits, what it does to them, and how far it reaches; never below what the detector saw. */
function severityOf(anomaly: Anomaly, affected: Impact['affected'], share: number | undefined): Level {
  const points = sharePoints(share) + harmPoints(anomaly.details) + (affected.routes.length >= 3 || affected.sequences.length > 0 ? 1 : 0);
  const level = points >= 6 ? 3 : points >= 4 ? 2 : points >= 2 ? 1 : 0;
  return LEVELS[Math.max(level, LEVELS.indexOf(anomaly.severity))] ?? anomaly.severity;
}

function sharePoints(share: number | undefined): number {
  if (share === undefined) return 1;
  return share >= 0.5 ? 3 : share >= 0.1 ? 2 : share >= 0.01 ? 1 : 0;
}

function harmPoints(details: AnomalyDetails): number {
  switch (details.type) {
    case 'error':
      return (details.error.severity === 'fatal' ? 3 : 1) + (details.ratePerMinute >= 10 ? 1 : 0) + (details.trend === 'rising' ? 1 : 0);
    case 'performance':
      return details.ratio >= 10 ? 3 : details.ratio >= 3 ? 2 : 1;
    case 'behavioral':
      // Steps that are missing or out of order may leave wrong data behind; a wait only costs time.
      return details.deviation === 'waiting' ? 1 : 2;
    case 'coverage':
    case 'signal':
      return 0;
  }
}
