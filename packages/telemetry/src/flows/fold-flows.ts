import type { FlowStats, FlowVariant } from '@selfheal/contracts';
import { evidenceOf } from '../aggregate/evidence.ts';
import type { FlowEvent } from './flow-event.ts';
import { type FlowRun, flowRuns } from './flow-runs.ts';

export interface FoldOptions {
  /** Epoch ms up to which the events were asked for. */
  now: number;
  /** A run without an end that was seen within this time of the end is taken to be under way. */
  graceMs?: number;
}

const GRACE_MS = 2_000;
const MAX_EXAMPLES = 3;
const MAX_LINES = 40;

/**
 * Folds events into flows: which steps ran in which order, how often, with which gaps. Pure. Runs that the window cuts are left
 * out: those still under way at its end, and those that began before it and so lack their first steps.
 */
export function foldFlows(events: readonly FlowEvent[], { now, graceMs = GRACE_MS }: FoldOptions): FlowStats[] {
  const runs = flowRuns(events);
  if (runs.length === 0) return [];
  const from = events.reduce((least, event) => Math.min(least, event.time), Number.POSITIVE_INFINITY);
  const logEnd = events.reduce((most, event) => Math.max(most, event.time), 0);
  const byFlow = Map.groupBy(runs, (run) => `${run.flow}\n${run.release}`);
  const usual = usualVariants(runs);
  const folded = [...byFlow.values()].flatMap((group) => {
    const whole = group.filter(
      (run) =>
        !isUnderWay(run, now - graceMs, usual) && !isCutAtEnd(run, logEnd - graceMs, usual) && !isCutAtStart(run, from + graceMs, usual),
    );
    return whole.length === 0 ? [] : [statsOf(whole)];
  });
  return folded.filter(tellsOrder).sort((a, b) => (a.flow === b.flow ? (a.release < b.release ? -1 : 1) : a.flow < b.flow ? -1 : 1));
}

interface Usual {
  keys: ReadonlySet<string>;
  firstStep: string;
}

/** Of each flow the variants that ended as a whole or came more than once, and the step that most runs begin with. */
function usualVariants(runs: readonly FlowRun[]): ReadonlyMap<string, Usual> {
  const usual = new Map<string, Usual>();
  for (const [flow, group] of Map.groupBy(runs, (run) => run.flow)) {
    const counts = countBy(group.map((run) => run.key));
    const keys = new Set(group.filter((run) => run.ended || (counts.get(run.key) ?? 0) > 1).map((run) => run.key));
    const firsts = [...countBy(group.map((run) => run.steps[0]?.step ?? ''))].sort((a, b) => b[1] - a[1]);
    usual.set(flow, { keys, firstStep: firsts[0]?.[0] ?? '' });
  }
  return usual;
}

function isUnderWay(run: FlowRun, quietSince: number, usual: ReadonlyMap<string, Usual>): boolean {
  if (run.ended || run.lastSeen <= quietSince) return false;
  return isStuck(run) || usual.get(run.flow)?.keys.has(run.key) !== true;
}

/** A log that was copied while the service ran ends within runs: those are beginnings of what others did as a whole. */
function isCutAtEnd(run: FlowRun, quietSince: number, usual: ReadonlyMap<string, Usual>): boolean {
  if (run.ended || run.lastSeen <= quietSince) return false;
  const key = run.key;
  return [...(usual.get(run.flow)?.keys ?? [])].some((known) => known.startsWith(`${key} > `) || (known === key && isStuck(run)));
}

function isCutAtStart(run: FlowRun, settledFrom: number, usual: ReadonlyMap<string, Usual>): boolean {
  return run.start < settledFrom && run.steps[0]?.step !== usual.get(run.flow)?.firstStep;
}

function statsOf(runs: readonly FlowRun[]): FlowStats {
  const [first] = runs;
  const variants = [...Map.groupBy(runs, (run) => run.key)].map(([key, group]) => variantOf(key, group));
  variants.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  return { flow: first?.flow ?? '', release: first?.release ?? '', count: runs.length, variants };
}

function variantOf(key: string, runs: readonly FlowRun[]): FlowVariant {
  const steps = runs[0]?.steps.map((step) => step.step) ?? [];
  const means = (of: (run: FlowRun, at: number) => number | undefined): (number | null)[] =>
    steps.map((_, at) => mean(runs.flatMap((run) => of(run, at) ?? [])));
  return {
    key,
    steps,
    count: runs.length,
    stuck: runs.filter(isStuck).length,
    failed: runs.filter((run) => run.failed).length,
    gapsMs: means(gapBefore),
    durationsMs: means((run, at) => run.steps[at]?.durationMs),
    explainedWaitMs: means((run, at) => run.steps[at]?.waitMs).map((wait) => wait ?? 0),
    examples: runs.slice(0, MAX_EXAMPLES).map(exampleOf),
  };
}

function gapBefore(run: FlowRun, at: number): number | undefined {
  const end = run.steps[at - 1]?.end;
  const start = run.steps[at]?.start;
  return end === undefined || start === undefined ? undefined : Math.max(0, start - end);
}

function exampleOf(run: FlowRun): FlowVariant['examples'][number] {
  const input = run.events.find((event) => event.input !== undefined)?.input;
  return {
    flowId: run.flowId,
    lines: run.events.slice(0, MAX_LINES).map(evidenceOf),
    ...(input === undefined ? {} : { input }),
    ...(run.request === undefined ? {} : { request: run.request }),
  };
}

/** The last step was announced and never ended, and nothing tells that the run did. */
function isStuck(run: FlowRun): boolean {
  const last = run.steps.at(-1);
  return last?.announced === true && last.end === undefined;
}

/** A flow of which no run ever has a second step says nothing about order. */
function tellsOrder({ variants }: FlowStats): boolean {
  return variants.some((variant) => variant.steps.length > 1) || variants.some((variant) => variant.stuck > 0);
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
