import { type BeatInput, beats, type LearnedModel } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { lowerBound } from './models/calibration.ts';
import { modelOf, outcomeOf } from './testing/figures.ts';
import { updateLearningModels } from './updateLearningModels.ts';

const update = (parts: Partial<BeatInput<'updateLearningModels'>> = {}) =>
  beats.updateLearningModels.output.parse(updateLearningModels(outcomeOf(parts)));
const learnedValue = (kind: LearnedModel['kind'], parts: Partial<BeatInput<'updateLearningModels'>> = {}) =>
  update(parts).models.find((model) => model.kind === kind)?.value;

describe('the prior', () => {
  test('starts at the template’s own rate, worth two outcomes, and adds one', () => {
    expect(learnedValue('prior')).toEqual({ alpha: 2.2, beta: 0.8 });
    expect(learnedValue('prior', { successful: false, verdict: 'failed' })).toEqual({ alpha: 1.2, beta: 1.8 });
  });

  test('goes on from what was learned, of its class and template only', () => {
    const models = [
      modelOf('prior', 'error|guard-null', { alpha: 5, beta: 3 }),
      modelOf('prior', 'performance|guard-null', { alpha: 9, beta: 9 }),
    ];
    const { models: after, changes } = update({ models });
    expect(after[0]).toMatchObject({
      id: 'cart|prior|error|guard-null',
      key: 'error|guard-null',
      value: { alpha: 6, beta: 3 },
      updatedAt: 7,
    });
    expect(changes[0]).toMatchObject({
      before: { alpha: 5, beta: 3 },
      after: { alpha: 6, beta: 3 },
      undone: false,
      incidentId: 'incident-1',
    });
    expect(changes[0]?.why).toBe('a fix by guard-null held in production: 0.63 → 0.67');
  });

  test('of a fix that only brings a test is that of the kind of test', () => {
    const { candidate: _none, ...patch } = outcomeOf().patch;
    const { models } = update({ patch });
    expect(models[0]).toMatchObject({ key: 'error|test:reproduction', value: { alpha: 2, beta: 1 } });
  });
});

describe('the calibration', () => {
  const after = (outcomes: readonly { confidence: number; right: boolean }[]) =>
    outcomes
      .reduce<LearnedModel[]>((models, { confidence, right }) => {
        const validation = { ...outcomeOf().validation, confidence };
        return update({ models, validation, successful: right, verdict: right ? 'verified' : 'failed' }).models;
      }, [])
      .find(({ kind }) => kind === 'calibration')?.value;
  const times = (count: number, confidence: number, right = true) => Array.from({ length: count }, () => ({ confidence, right }));

  test('counts the outcome in the bin of its confidence, the last bin up to 1', () => {
    expect(
      after([
        { confidence: 0.85, right: true },
        { confidence: 0.81, right: false },
        { confidence: 1, right: true },
      ]),
    ).toEqual({
      bins: Array.from({ length: 10 }, (_, at) => ({
        from: at / 10,
        to: (at + 1) / 10,
        right: at >= 8 ? 1 : 0,
        total: at === 8 ? 2 : at === 9 ? 1 : 0,
      })),
    });
  });

  test('finds the lowest confidence from which enough fixes hold', () => {
    expect(after(times(9, 0.85))?.threshold).toBeUndefined();
    expect(after(times(10, 0.85))?.threshold).toBe(0.8);
    expect(after([...times(10, 0.85), ...times(5, 0.55)])?.threshold).toBe(0.5);
    expect(after([...times(12, 0.95), ...times(6, 0.55, false)])?.threshold).toBe(0.9);
  });

  test('finds that none is enough only after twenty outcomes', () => {
    expect(after(times(19, 0.85, false))?.threshold).toBeUndefined();
    expect(after(times(20, 0.85, false))?.threshold).toBeNull();
  });

  test('takes damaged counts for none', () => {
    expect(learnedValue('calibration', { models: [modelOf('calibration', 'error', { bins: 'damaged' })] })).toMatchObject({
      bins: expect.any(Array),
    });
    expect(learnedValue('calibration', { models: [modelOf('calibration', 'error', { bins: [7, null] })] })).toMatchObject({
      bins: expect.any(Array),
    });
  });
});

test('Wilson’s lower bound, as computed by hand', () => {
  expect(lowerBound(10, 10)).toBeCloseTo(0.8589, 4);
  expect(lowerBound(0, 10)).toBeCloseTo(0, 12);
  expect(lowerBound(0, 0)).toBe(0);
  expect(lowerBound(50, 100)).toBeCloseTo(0.4364, 3);
});

describe('a raised threshold', () => {
  const key = 'errors-by-cause|GET /cart';

  test('goes one step back when what it held down proved true, never below 1', () => {
    const { models, changes } = update({ models: [modelOf('threshold', key, { factor: 2.25 })] });
    expect(models.find(({ kind }) => kind === 'threshold')?.value).toEqual({ factor: 1.5 });
    expect(changes.find(({ kind }) => kind === 'threshold')?.why).toBe(
      'what the detector found at this place was true: factor 2.25 → 1.50',
    );
    expect(learnedValue('threshold', { models: [modelOf('threshold', key, { factor: 1.2 })] })).toEqual({ factor: 1 });
  });

  test('stays where the fix failed, was never raised, or is of another place', () => {
    const raised = [modelOf('threshold', key, { factor: 2.25 })];
    expect(learnedValue('threshold', { models: raised, successful: false, verdict: 'failed' })).toBeUndefined();
    expect(learnedValue('threshold', { models: [modelOf('threshold', key, { factor: 1 })] })).toBeUndefined();
    expect(learnedValue('threshold', { models: [modelOf('threshold', 'errors-by-cause|GET /x', { factor: 3 })] })).toBeUndefined();
  });
});

test('no data is neither pass nor fail', () => {
  expect(update({ successful: false, verdict: 'inconclusive' })).toEqual({ models: [], changes: [] });
});

test('a change has the id of its cause', () => {
  const ids = (parts = {}) => update(parts).changes.map(({ id }) => id);
  expect(ids()).toEqual(ids({ now: 99 }));
  expect(new Set([...ids(), ...ids({ patch: { ...outcomeOf().patch, hash: 'other' } })]).size).toBe(4);
});
