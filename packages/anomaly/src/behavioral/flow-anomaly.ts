import type { Anomaly, FlowStats, Level, Place, Plot, TelemetrySnapshot } from '@selfheal/contracts';
import { anomalyId, fingerprintOf } from '../naming/fingerprint.ts';
import { count, milliseconds, percent, releaseName } from '../naming/words.ts';
import { plotOf } from '../plots/plot.ts';
import type { Deviation } from './deviation.ts';
import type { Expectation } from './expectation.ts';

export const FLOW_DEVIATIONS = 'flow-deviations';
const MAX_EVIDENCE = 20;

/** Puts a deviation into words and figures. */
export function flowAnomaly(snapshot: TelemetrySnapshot, now: FlowStats, expected: Expectation, deviation: Deviation): Anomaly {
  const fingerprint = fingerprintOf('behavioral', now.flow, deviation.kind, ...[...deviation.steps].sort());
  const evidence = deviation.seen.variant.examples.flatMap(({ lines }) => lines).slice(0, MAX_EVIDENCE);
  return {
    id: anomalyId(snapshot.projectId, fingerprint, snapshot.now),
    projectId: snapshot.projectId,
    type: 'behavioral',
    detector: FLOW_DEVIATIONS,
    fingerprint,
    title: titleOf(now.flow, expected, deviation),
    description: describe(now, expected, deviation),
    severity: severityOf(deviation),
    confidence: confidenceOf(expected, deviation),
    place: placeOfDeviation(now.flow, expected, deviation),
    ...(now.release === '' ? {} : { release: now.release }),
    metrics: {
      runs: now.count,
      deviating: deviation.count,
      share: deviation.share,
      ...(deviation.before === undefined ? {} : { shareBefore: deviation.before }),
      ...(deviation.waitMs === undefined ? {} : { waitMs: deviation.waitMs, expectedWaitMs: deviation.expectedWaitMs ?? 0 }),
      lastSeen: Math.max(0, ...evidence.map(({ time }) => time)),
    },
    evidence,
    details: {
      type: 'behavioral',
      flow: now.flow,
      deviation: deviation.kind,
      expected: [...expected.steps],
      expectedFrom: expected.from,
      ...(expected.declaredIn === undefined ? {} : { declaredIn: expected.declaredIn }),
      seen: deviation.seen.variant,
      steps: [...deviation.steps],
      share: deviation.share,
      ...(deviation.waitMs === undefined ? {} : { waitMs: deviation.waitMs }),
    },
    plot: deviationPlot(snapshot, deviation),
    finding: false,
    detectedAt: snapshot.now,
    window: snapshot.window,
  };
}

/** Flows are folded over the whole window, so there is one point a side: the share of runs that deviate, or the wait. */
function deviationPlot({ window }: TelemetrySnapshot, { kind, steps, share, before, waitMs, expectedWaitMs }: Deviation): Plot {
  if (kind === 'waiting')
    return plotOf(
      `wait before ${steps.join(', ')}, ms`,
      [[window.from, expectedWaitMs ?? 0]],
      [[window.to, waitMs ?? 0]],
      expectedWaitMs ?? 0,
    );
  return plotOf('share of runs', before === undefined ? [] : [[window.from, before]], [[window.to, share]], before ?? 0);
}

export function placeOfDeviation(flow: string, { declared }: Expectation, { steps }: Deviation): Place {
  const [step] = steps;
  const handler = declared.find(({ name }) => name === step)?.declared.handler;
  return { sequence: flow, ...(step === undefined ? {} : { step }), ...(handler === undefined ? {} : { handler }) };
}

function titleOf(flow: string, expected: Expectation, { kind, steps, waitMs }: Deviation): string {
  const names = steps.join(', ');
  switch (kind) {
    case 'order':
      return `${flow} runs ${[...steps].reverse().join(' before ')}`;
    case 'missing':
      return `${flow} ends without ${names}`;
    case 'extra':
      return isRepeated(expected, steps)
        ? `${flow} runs ${names} more often than expected`
        : `${flow} runs ${names}, which is not expected`;
    case 'stuck':
      return `${flow} hangs at ${names}`;
    case 'waiting':
      return `${flow} waits ${milliseconds(waitMs ?? 0)} before ${names}`;
  }
}

function describe(now: FlowStats, expected: Expectation, deviation: Deviation): string {
  const { label, steps, from } = expected;
  const share = `${count(deviation.count, 'run')} of ${now.count} (${percent(deviation.share)}) of ${now.flow} in ${releaseName(now.release)}`;
  const should = `${from === 'declared' ? 'declared in' : 'usual in'} ${label}: ${steps.join(' → ')}`;
  const before = deviation.before === undefined ? '' : `; ${percent(deviation.before)} before`;
  const doubts = deviation.doubts.map(({ why }) => `; ${why}`).join('');
  return `${whatRan(expected, deviation)} in ${share}${before}. Most often seen: ${deviation.seen.steps.join(' → ')}; ${should}${doubts}.`;
}

/** An extra step that is expected, though not so often. */
function isRepeated({ steps: expected }: Expectation, steps: readonly string[]): boolean {
  return steps.every((step) => expected.includes(step));
}

function whatRan(expected: Expectation, { kind, steps, waitMs, expectedWaitMs }: Deviation): string {
  const names = steps.join(', ');
  switch (kind) {
    case 'order':
      return `The steps ${names} ran in the wrong order`;
    case 'missing':
      return `${names} did not run, although nothing failed before,`;
    case 'extra':
      return isRepeated(expected, steps) ? `${names} ran more often than expected` : `${names} ran without being expected`;
    case 'stuck':
      return `${names} began or was due, and never ended,`;
    case 'waiting':
      return `${milliseconds(waitMs ?? 0)} passed before ${names}, ${milliseconds(expectedWaitMs ?? 0)} of it explained,`;
  }
}

function severityOf({ kind, share }: Deviation): Level {
  if (kind === 'waiting') return share >= 0.5 ? 'medium' : 'low';
  if (share >= (kind === 'stuck' ? 0.1 : 0.5)) return 'high';
  return share >= 0.1 ? 'medium' : 'low';
}

/** A declared expectation is firmer than a learned one, least firm one of another release; what most runs show is firmer than what a few do. */
function confidenceOf({ from, isOfOtherRelease }: Expectation, { share, count: runs, doubts }: Deviation): number {
  const firm = from === 'declared' ? 0.7 : isOfOtherRelease ? 0.4 : 0.5;
  const common = 0.15 * Math.min(1, share / 0.5);
  const enough = 0.1 * Math.min(1, runs / 20);
  const cost = doubts.reduce((sum, doubt) => sum + doubt.cost, 0);
  return Math.min(0.97, Math.max(0.1, firm + common + enough - cost));
}
