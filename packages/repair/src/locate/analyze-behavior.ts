import type { Anomaly, BehavioralDetails, CitedFact, CodebaseInfo, IssueAnalysis, SourceSnapshot } from '@selfheal/contracts';
import { callsOf } from './anomaly-calls.ts';
import { type BehaviorScene, codeScores, createBehaviorScene } from './behavior/behavior-scene.ts';
import { findExtraSteps, findMissingSteps } from './behavior/find-missing-extra.ts';
import { findOrderFaults } from './behavior/find-order.ts';
import { findStuckSteps, findWaitFaults } from './behavior/find-waits.ts';
import { locationOf } from './code-view.ts';
import type { Finding } from './finding.ts';
import { toIssue } from './issue.ts';

const FINDERS: Readonly<Record<BehavioralDetails['deviation'], (scene: BehaviorScene) => Finding[]>> = {
  order: findOrderFaults,
  missing: findMissingSteps,
  extra: findExtraSteps,
  stuck: findStuckSteps,
  waiting: findWaitFaults,
};

/** Finds why a flow does not run as expected, in code or in the document that declares it. Undefined for anomalies of another type. Pure. */
export function analyzeBehavior(anomaly: Anomaly, codebase: CodebaseInfo, sources: SourceSnapshot): IssueAnalysis | undefined {
  const { details } = anomaly;
  if (details.type !== 'behavioral') return undefined;
  const scene = createBehaviorScene(anomaly, details, codebase, sources);
  const explained = FINDERS[details.deviation](scene);
  const findings = explained.length > 0 ? explained : unexplained(scene);
  return toIssue({
    view: scene.view,
    anomaly,
    findings,
    calls: callsOf(anomaly),
    facts: seenFacts(details),
    release: anomaly.release,
    ...(findings.length === 0 ? { abstain: `neither code nor a document of the repository names the steps of \`${details.flow}\`` } : {}),
  });
}

function unexplained(scene: BehaviorScene): Finding[] {
  const { code, view, details } = scene;
  if (code === undefined) return [];
  return [
    {
      category: 'unknown',
      location: locationOf(view, code.container),
      explanation: `this code runs \`${details.flow}\`, but nothing in it explains what was seen`,
      data: { flow: details.flow },
      facts: [],
      guesses: [],
      scores: codeScores(scene, code.container, 0.1, 'nothing there explains it'),
    },
  ];
}

function seenFacts(details: BehavioralDetails): CitedFact[] {
  const lines = details.seen.examples.flatMap((example) => example.lines).slice(0, 20);
  const from =
    details.expectedFrom === 'declared' ? `declared in ${details.declaredIn ?? 'a sequence document'}` : 'learned from earlier runs';
  return [
    {
      statement: `\`${details.flow}\` ran ${details.seen.steps.join(', ')} (${details.seen.count} runs, ${Math.round(details.share * 100)} %)`,
      kind: 'log',
      lines,
    },
    { statement: `expected ${details.expected.join(', ')}, ${from}`, kind: 'code' },
  ];
}
