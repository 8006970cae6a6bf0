import type { BeatInput, Effectiveness, Handler, Insight, MetricComparison } from '@selfheal/contracts';
import { mainComparison } from './main-comparison.ts';
import { templateOf } from './models/lesson.ts';
import { betaOf } from './models/prior.ts';

type Input = BeatInput<'generateInsights'>;

/** Fewer earlier outcomes give no rank. */
const LEAST_TO_COMPARE = 3;

/**
 * Sequence learning.track, movement Learn. What this outcome tells, in words and numbers: what it did, how the template fares, how it
 * compares with earlier fixes, whether such faults come back, and how much confidence has been worth.
 * Reads its input alone; writes nothing; cannot fail.
 */
export const generateInsights: Handler<'generateInsights'> = (input) => ({
  insights: [
    ...outcome(input),
    ...sideEffects(input),
    ...template(input),
    ...rank(input),
    ...recurrence(input),
    ...calibration(input),
    ...detector(input),
  ],
});

function outcome({ anomaly, comparisons, verdict, patch }: Input): Insight[] {
  const main = mainComparison(anomaly.type, comparisons);
  const what = `${templateOf(patch)} on ${anomaly.title}`;
  if (main === undefined)
    return [{ kind: 'outcome', text: `${what}: ${verdict}, without figures from production to compare`, figures: {} }];
  const chance = main.pValue === undefined ? '' : `, p = ${main.pValue.toPrecision(2)}`;
  const data = main.enoughData ? '' : ', on little data';
  return [
    {
      kind: 'outcome',
      text: `${what}: ${verdict}; ${main.metric} ${figure(main.before)} → ${figure(main.after)} (effect ${main.effect.toFixed(2)}${chance}${data})`,
      figures: figuresOf(main),
    },
  ];
}

/** Metrics that changed beside the one that the fix was for. */
function sideEffects({ anomaly, comparisons }: Input): Insight[] {
  const main = mainComparison(anomaly.type, comparisons);
  return comparisons
    .filter((one) => one.significant && one !== main && !(anomaly.type === 'performance' && one.metric.startsWith('duration')))
    .map((one) => ({
      kind: 'outcome' as const,
      text: `beside it, ${one.metric} went from ${figure(one.before)} to ${figure(one.after)}`,
      figures: figuresOf(one),
    }));
}

function template({ anomaly, patch, successful, verdict, history, changes }: Input): Insight[] {
  if (verdict === 'inconclusive') return [];
  const name = templateOf(patch);
  const same = history.filter((effect) => effect.type === anomaly.type && effect.template === name && effect.verdict !== 'inconclusive');
  const right = same.filter((effect) => effect.successful).length + (successful ? 1 : 0);
  const total = same.length + 1;
  const change = changes.find(({ kind }) => kind === 'prior');
  const before = betaOf(change?.before ?? {});
  const after = betaOf(change?.after ?? {});
  const chances =
    before === undefined || after === undefined
      ? ''
      : `; its chance is put at ${mean(after).toFixed(2)} (${mean(before).toFixed(2)} before)`;
  return [
    {
      kind: 'template',
      text: `${right} of ${total} ${anomaly.type} fixes by ${name} held in production${chances}`,
      figures: { right, total, ...(after === undefined ? {} : { chance: mean(after) }) },
    },
  ];
}

/** Where this fix stands among earlier ones of its class, by what was gained. */
function rank({ anomaly, improvement, history }: Input): Insight[] {
  const gain = gainOf(anomaly.type, improvement);
  const earlier = history.filter(({ type }) => type === anomaly.type).flatMap((effect) => gainOf(effect.type, effect.improvement) ?? []);
  if (gain === undefined || earlier.length < LEAST_TO_COMPARE) return [];
  const beaten = earlier.filter((other) => gain > other).length;
  return [
    {
      kind: 'outcome',
      text: `gained ${Math.round(100 * gain)} %, more than ${beaten} of ${earlier.length} earlier ${anomaly.type} fixes`,
      figures: { gain, beaten, earlier: earlier.length },
    },
  ];
}

/** A cause that was healed before and is back. */
function recurrence({ anomaly, patch, history }: Input): Insight[] {
  const same = history.filter(({ incidentId }) => incidentId === patch.incidentId);
  if (same.length === 0) return [];
  const held = same.filter(({ successful }) => successful).length;
  return [
    {
      kind: 'recurrence',
      text: `${anomaly.title} came back: fixed ${same.length} times before, ${held} of these fixes held at first (${templates(same)})`,
      figures: { before: same.length, held },
    },
  ];
}

function calibration({ changes }: Input): Insight[] {
  return changes
    .filter(({ kind }) => kind === 'calibration')
    .map(({ key, why, after }) => ({
      kind: 'calibration',
      text: `${key}: ${why}`,
      figures: typeof after.threshold === 'number' ? { threshold: after.threshold } : {},
    }));
}

function detector({ changes }: Input): Insight[] {
  return changes
    .filter(({ kind }) => kind === 'threshold')
    .map(({ key, why, after }) => ({
      kind: 'detector',
      text: `${key}: ${why}`,
      figures: typeof after.factor === 'number' ? { factor: after.factor } : {},
    }));
}

function gainOf(
  type: Effectiveness['type'],
  { performance, errors, coverage, behavioral }: Effectiveness['improvement'],
): number | undefined {
  return { performance, error: errors, coverage, behavioral }[type];
}

function templates(effects: readonly Effectiveness[]): string {
  return [...new Set(effects.map(({ template: name }) => name))].join(', ');
}

function figuresOf({ before, after, improvement, effect, pValue }: MetricComparison): Record<string, number> {
  return { before, after, improvement, effect, ...(pValue === undefined ? {} : { pValue }) };
}

function mean({ alpha, beta }: { alpha: number; beta: number }): number {
  return alpha / (alpha + beta);
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
