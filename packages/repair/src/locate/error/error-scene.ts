import type { Anomaly, CodebaseInfo, ErrorDetails, RecordedCall, SourceSnapshot, StackFrame } from '@selfheal/contracts';
import type { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { callsOf } from '../anomaly-calls.ts';
import { type CodeView, createCodeView, locationOf, withCallees } from '../code-view.ts';
import type { ScorePart } from '../finding.ts';
import { type FrameSite, placeFrames } from '../frame-sites.ts';
import { findOperation } from '../operation-function.ts';
import { scoreChange } from '../recent-change.ts';
import { type ErrorShape, readErrorShape } from './error-shape.ts';
import { findIn, findNear, type Match } from './find-expressions.ts';

/** All that is known of one error before the code is searched. */
export interface ErrorScene {
  readonly view: CodeView;
  readonly anomaly: Anomaly;
  readonly details: ErrorDetails;
  readonly message: string;
  readonly shape: ErrorShape;
  /** Frames that lie in production sources, innermost first. */
  readonly sites: readonly FrameSite[];
  /** Functions to search where no frame helps: those that serve the operations that failed. */
  readonly served: readonly CodeFunction[];
  readonly failing: readonly RecordedCall[];
  readonly passing: readonly RecordedCall[];
}

export function createErrorScene(anomaly: Anomaly, details: ErrorDetails, codebase: CodebaseInfo, sources: SourceSnapshot): ErrorScene {
  const view = createCodeView(codebase, sources);
  const [example] = details.error.examples;
  const message = example?.message ?? details.error.normalisedMessage;
  const calls = callsOf(anomaly);
  return {
    view,
    anomaly,
    details,
    message,
    shape: readErrorShape(message),
    sites: bestSites(view, details),
    served: servedFunctions(view, anomaly, details),
    failing: calls.failing,
    passing: calls.passing,
  };
}

/** The frames of the pattern itself, else those of the example that can be placed best. */
function bestSites(view: CodeView, { error }: ErrorDetails): FrameSite[] {
  const stacks: readonly (readonly StackFrame[])[] = [error.frames, ...error.examples.map((example) => example.frames)];
  const placed = stacks.map((frames) => placeFrames(view, frames)).filter((sites) => sites.length > 0);
  return placed.sort((a, b) => (b[0]?.trust ?? 0) - (a[0]?.trust ?? 0))[0] ?? [];
}

function servedFunctions(view: CodeView, anomaly: Anomaly, { error }: ErrorDetails): CodeFunction[] {
  const names = [anomaly.place.handler, anomaly.place.operation, ...Object.keys(error.operations)];
  const found = names.flatMap((name) => (name === undefined ? [] : (findOperation(view.codebase, name)?.functionId ?? [])));
  return [...new Set(found)].flatMap((id) => view.functionById.get(id) ?? []).filter((one) => view.file(one.file.path) !== undefined);
}

/** An expression with where it was looked for. */
export interface Hit<T extends ts.Node = ts.Node> extends Match<T> {
  readonly site: FrameSite | undefined;
  /** Calls away from the function that served the operation, where no frame led here. */
  readonly callDepth: number;
}

const FRAMES_SEARCHED = 6;
const CALL_DEPTH = 2;

/** Expressions that fit the error: at the innermost frame that has any; without frames, in the functions that served the operation. */
export function findHits<T extends ts.Node>(
  scene: ErrorScene,
  accepts: (node: ts.Node) => node is T,
  anchor?: (node: T) => ts.Node,
): Hit<T>[] {
  for (const site of scene.sites.slice(0, FRAMES_SEARCHED)) {
    const matches = findNear(site, accepts, anchor);
    if (matches.length > 0) return matches.map((match) => ({ ...match, site, callDepth: 0 }));
  }
  if (scene.sites.length > 0) return [];
  const searched = scene.served.flatMap((one) => withCallees(scene.view, one, CALL_DEPTH));
  const hits = searched.flatMap(({ one, depth }) => findIn(one, accepts).map((match) => ({ ...match, site: undefined, callDepth: depth })));
  // Found in one function and nowhere else, it is very likely the one; found in several, it may be any of them.
  return hits.map((hit) => ({ ...hit, rivals: hits.length, closeness: hits.length === 1 ? 0.65 : 0.35 }));
}

/** Scores of a hit: how sure the place is, how well it explains the message, whether it changed lately, how often it was seen. */
export function scoresOf(scene: ErrorScene, hit: Hit, match: { factor: number; why: string }): ScorePart[] {
  const location = locationOf(scene.view, hit.node);
  const change = scoreChange(scene.view.codebase, location.functionId, scene.details.newInRelease);
  return [
    placeScore(hit),
    matchScore(hit, match),
    { part: 'change', value: change.value, why: change.why },
    evidenceScore(scene.details.error.count),
  ];
}

function placeScore({ site, callDepth }: Hit): ScorePart {
  if (site === undefined)
    return {
      part: 'place',
      value: Math.max(0.2, 0.45 - 0.1 * callDepth),
      why: 'no usable stack; searched in the function that served the operation',
    };
  const value = Math.max(0.4, 1 - 0.12 * site.depth) * site.trust;
  return { part: 'place', value, why: `frame ${site.depth + 1} of the application, trust ${site.trust.toFixed(2)}` };
}

function matchScore({ closeness, rivals }: Hit, { factor, why }: { factor: number; why: string }): ScorePart {
  const value = Math.min(1, closeness * factor) / Math.sqrt(Math.max(1, rivals));
  return { part: 'match', value, why: rivals > 1 ? `${why}; ${rivals} expressions fit equally` : why };
}

export function evidenceScore(count: number): ScorePart {
  const value = count >= 20 ? 1 : count >= 5 ? 0.85 : count >= 2 ? 0.7 : 0.5;
  return { part: 'evidence', value, why: `seen ${count} time${count === 1 ? '' : 's'}` };
}
