import type { Anomaly, BehavioralDetails, CodebaseInfo, DeclaredFlow, SourceSnapshot } from '@selfheal/contracts';
import type { ts } from 'ts-morph';
import { type CodeView, createCodeView, locationOf } from '../code-view.ts';
import type { ScorePart } from '../finding.ts';
import { commitsOfRelease, scoreChange } from '../recent-change.ts';
import { type FlowCode, findFlowCode, stepNames } from './step-sites.ts';

/** All that is known of one flow that does not run as expected. */
export interface BehaviorScene {
  readonly view: CodeView;
  readonly anomaly: Anomaly;
  readonly details: BehavioralDetails;
  /** The document that declares the flow, where there is one. */
  readonly declared: DeclaredFlow | undefined;
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  /** The code that runs it; undefined where the code walks through the document and names no step. */
  readonly code: FlowCode | undefined;
}

export function createBehaviorScene(
  anomaly: Anomaly,
  details: BehavioralDetails,
  codebase: CodebaseInfo,
  sources: SourceSnapshot,
): BehaviorScene {
  const view = createCodeView(codebase, sources);
  const declared = declaredFlow(codebase, details);
  const names = stepNames(new Set([...details.expected, ...details.seen.steps, ...details.steps]), declared);
  return { view, anomaly, details, declared, names, code: findFlowCode(view, names) };
}

function declaredFlow(codebase: CodebaseInfo, details: BehavioralDetails): DeclaredFlow | undefined {
  const { flows } = codebase;
  const named = flows.find((flow) => flow.file === details.declaredIn || flow.id === details.flow);
  if (named !== undefined) return named;
  const shared = (flow: DeclaredFlow) =>
    flow.steps.filter((step) => details.expected.some((name) => name === step.event || name === step.handler)).length;
  const best = [...flows].sort((a, b) => shared(b) - shared(a))[0];
  return best !== undefined && shared(best) >= Math.max(2, details.expected.length / 2) ? best : undefined;
}

/** Scores of a finding in code: how well it explains what was seen, and whether its function changed lately. */
export function codeScores(scene: BehaviorScene, node: ts.Node, match: number, why: string): ScorePart[] {
  const change = scoreChange(scene.view.codebase, locationOf(scene.view, node).functionId, scene.anomaly.release);
  return [
    { part: 'place', value: 0.95, why: 'the code that runs the flow' },
    { part: 'match', value: match, why },
    { part: 'change', value: change.value, why: change.why },
    evidence(scene),
  ];
}

/** Scores of a finding in the document that declares the flow. */
export function documentScores(scene: BehaviorScene, file: string, match: number, why: string): ScorePart[] {
  const { history } = scene.view.codebase;
  const position = history.findIndex((commit) => commit.files.includes(file));
  const commit = history[position];
  const released = scene.anomaly.release === undefined ? undefined : commitsOfRelease(history, scene.anomaly.release);
  const isNew = commit !== undefined && (released === undefined ? position < 5 : released.has(commit.sha));
  const said =
    commit === undefined
      ? 'not changed in the history read'
      : `the document was last changed by ${commit.sha.slice(0, 8)} "${commit.subject.slice(0, 80)}"`;
  return [
    { part: 'place', value: isNew ? 0.9 : 0.4, why: said },
    { part: 'match', value: match, why },
    { part: 'change', value: isNew ? 1 : 0.2, why: said },
    evidence(scene),
  ];
}

function evidence({ details }: BehaviorScene): ScorePart {
  const { count } = details.seen;
  const value = Math.min(1, 0.4 + 0.4 * details.share + (count >= 20 ? 0.2 : count >= 5 ? 0.1 : 0));
  return { part: 'evidence', value, why: `${count} runs, ${Math.round(details.share * 100)} % of all` };
}
