import type { Anomaly, CitedFact, CodebaseInfo, IssueAnalysis, SourceSnapshot } from '@selfheal/contracts';
import { createErrorScene, type ErrorScene } from './error/error-scene.ts';
import { findNullAccesses } from './error/null-access.ts';
import { findThrownOnPurpose, findWrongConditions } from './error/thrown-on-purpose.ts';
import { findFloatingPromises, findUnexplained } from './error/unexplained.ts';
import { findFailingOperation, findInvalidDate, findUnguardedParse } from './error/unguarded-calls.ts';
import { findUncallable, findUndefinedNames } from './error/wrong-names.ts';
import type { Finding } from './finding.ts';
import { toIssue } from './issue.ts';

/** Finds the fault behind an error pattern. Undefined for anomalies of another type. Pure. */
export function analyzeError(anomaly: Anomaly, codebase: CodebaseInfo, sources: SourceSnapshot): IssueAnalysis | undefined {
  const { details } = anomaly;
  if (details.type !== 'error') return undefined;
  const scene = createErrorScene(anomaly, details, codebase, sources);
  const explained = [...explain(scene), ...findFloatingPromises(scene), ...findWrongConditions(scene)];
  const findings = [...explained, ...findThrownOnPurpose(scene), ...findUnexplained(scene)];
  const reason = findings.length === 0 ? reasonForNothing(scene) : undefined;
  return toIssue({
    view: scene.view,
    anomaly,
    findings,
    frames: details.error.frames,
    calls: { failing: [...scene.failing], passing: [...scene.passing] },
    facts: seenFacts(scene),
    release: details.newInRelease,
    ...(reason === undefined ? {} : { abstain: reason }),
  });
}

function explain(scene: ErrorScene): Finding[] {
  const { shape } = scene;
  switch (shape.kind) {
    case 'null-access':
    case 'null-destructure':
    case 'null-to-object':
      return findNullAccesses(scene, shape);
    case 'not-iterable':
      return [...findNullAccesses(scene, shape)];
    case 'not-a-function':
      return findUncallable(scene, shape);
    case 'not-defined':
      return findUndefinedNames(scene, shape);
    case 'json':
      return findUnguardedParse(scene);
    case 'invalid-date':
      return findInvalidDate(scene);
    case 'invalid-length':
    case 'empty-reduce':
    case 'bigint-mix':
      return findFailingOperation(scene, shape.kind);
    case 'other':
      return [];
  }
}

function seenFacts(scene: ErrorScene): CitedFact[] {
  const { error } = scene.details;
  const lines = error.examples.map((example) => example.evidence);
  const facts: CitedFact[] = [{ statement: `${error.type}: ${scene.message}, seen ${error.count} times`, kind: 'log', lines }];
  const [site] = scene.sites;
  if (site !== undefined) {
    facts.push({
      statement: `the innermost frame of the application is ${site.file.path}:${site.frame.line}${site.frame.function === undefined ? '' : ` in ${site.frame.function}`}`,
      kind: 'log',
      at: { file: site.file.path, line: Math.max(1, site.line) },
    });
  }
  return facts;
}

function reasonForNothing({ details, view }: ErrorScene): string {
  const inApp = details.error.frames.filter((frame) => frame.inApp);
  if (inApp.length === 0) return 'no in-app frame, and no operation that leads to a function of the repository';
  const foreign = inApp.filter((frame) => view.file(frame.file) === undefined).map((frame) => frame.file);
  return foreign.length > 0
    ? `frame not in a source file of the repository: ${[...new Set(foreign)].slice(0, 3).join(', ')}`
    : 'the frames fit no code of this commit';
}
