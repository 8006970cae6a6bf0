import { type BeatInput, beats } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { generateInsights } from './generateInsights.ts';
import { comparisonOf, effectOf, modelOf, outcomeOf } from './testing/figures.ts';
import { updateLearningModels } from './updateLearningModels.ts';

type Input = BeatInput<'generateInsights'>;

function insightsOf(parts: Partial<Input> = {}) {
  const { anomaly, patch } = outcomeOf();
  const { changes } = updateLearningModels(outcomeOf());
  const input: Input = {
    anomaly,
    patch,
    improvement: { errors: 1 },
    comparisons: [comparisonOf('incident error rate', 0.25, 0)],
    successful: true,
    verdict: 'verified',
    changes,
    history: [],
    ...parts,
  };
  return beats.generateInsights.output.parse(generateInsights(input)).insights;
}
const textsOf = (kind: string, parts: Partial<Input> = {}) =>
  insightsOf(parts)
    .filter((insight) => insight.kind === kind)
    .map(({ text }) => text);

test('the outcome in words and figures', () => {
  const [outcome] = insightsOf();
  expect(outcome?.text).toMatch(
    /^guard-null on TypeError: .* in first: verified; incident error rate 0\.250 → 0 \(effect 0\.25, p = 0\.0010\)$/,
  );
  expect(outcome?.figures).toEqual({ before: 0.25, after: 0, improvement: 1, effect: 0.25, pValue: 0.001 });
  expect(textsOf('outcome', { comparisons: [] })[0]).toMatch(/without figures from production to compare$/);
  expect(textsOf('outcome', { comparisons: [comparisonOf('incident error rate', 0.25, 0, { enoughData: false })] })[0]).toContain(
    'on little data',
  );
});

test('what changed beside it', () => {
  const comparisons = [
    comparisonOf('incident error rate', 0.25, 0),
    comparisonOf('duration p50', 10, 30),
    comparisonOf('error rate', 0.3, 0.29, { significant: false }),
  ];
  expect(textsOf('outcome', { comparisons })[1]).toBe('beside it, duration p50 went from 10 to 30');
  expect(textsOf('outcome', { comparisons })).toHaveLength(2);
});

test('how the template fares over its outcomes with a verdict', () => {
  const history = [
    effectOf({ id: 'a' }),
    effectOf({ id: 'b', successful: false, verdict: 'failed' }),
    effectOf({ id: 'c', successful: false, verdict: 'inconclusive' }),
    effectOf({ id: 'd', template: 'other' }),
    effectOf({ id: 'e', type: 'performance' }),
  ];
  expect(textsOf('template', { history })).toEqual([
    '2 of 3 error fixes by guard-null held in production; its chance is put at 0.73 (0.60 before)',
  ]);
  expect(textsOf('template', { verdict: 'inconclusive', successful: false, changes: [] })).toEqual([]);
});

test('the rank among earlier fixes of the class, once there are some', () => {
  const history = [0.2, 0.9, 1].map((errors, at) => effectOf({ id: `e${at}`, improvement: { errors } }));
  expect(textsOf('outcome', { history, improvement: { errors: 0.95 } })).toContain('gained 95 %, more than 2 of 3 earlier error fixes');
  expect(textsOf('outcome', { history: history.slice(1), improvement: { errors: 0.95 } })).toHaveLength(1);
});

test('a cause that came back', () => {
  const history = [
    effectOf({ incidentId: 'incident-1' }),
    effectOf({ id: 'b', incidentId: 'incident-1', successful: false, template: 'default-value' }),
  ];
  expect(textsOf('recurrence', { history })[0]).toMatch(
    /came back: fixed 2 times before, 1 of these fixes held at first \(guard-null, default-value\)$/,
  );
  expect(textsOf('recurrence')).toEqual([]);
});

test('what confidence has been worth, and what a detector learned', () => {
  expect(textsOf('calibration')).toEqual(['error: a fix of confidence 0.85 held: 1 of 1 held so far, too few outcomes for a threshold']);
  const models = [modelOf('threshold', 'errors-by-cause|GET /cart', { factor: 2.25 })];
  const { changes } = updateLearningModels(outcomeOf({ models }));
  const [detector] = insightsOf({ changes }).filter(({ kind }) => kind === 'detector');
  expect(detector).toMatchObject({ text: expect.stringContaining('errors-by-cause|GET /cart: '), figures: { factor: 1.5 } });
  const bins = Array.from({ length: 10 }, (_, at) => ({
    from: at / 10,
    to: (at + 1) / 10,
    right: at === 8 ? 12 : 0,
    total: at === 8 ? 12 : 0,
  }));
  const calibrated = updateLearningModels(outcomeOf({ models: [modelOf('calibration', 'error', { bins })] })).changes;
  expect(insightsOf({ changes: calibrated }).find(({ kind }) => kind === 'calibration')?.figures).toEqual({ threshold: 0.8 });
});
