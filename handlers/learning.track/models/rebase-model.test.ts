import { expect, test } from 'vitest';
import { modelOf, outcomeOf } from '../testing/figures.ts';
import { updateLearningModels } from '../updateLearningModels.ts';
import { rebaseModel } from './rebase-model.ts';

/** What one successful outcome makes of these models, as model and change by kind. */
function lesson(kind: 'prior' | 'calibration' | 'threshold', models: ReturnType<typeof modelOf>[] = []) {
  const { models: computed, changes } = updateLearningModels(outcomeOf({ models }));
  const model = computed.find((one) => one.kind === kind);
  const change = changes.find((one) => one.kind === kind);
  if (model === undefined || change === undefined) throw new Error(`no ${kind} was learned`);
  return { model, change };
}

test('a model that nobody touched becomes what was computed', () => {
  const known = modelOf('prior', 'error|guard-null', { alpha: 3, beta: 1 });
  const { model, change } = lesson('prior', [known]);
  expect(rebaseModel(change, model, known)).toEqual(model);
  expect(rebaseModel(change, model, undefined)).toEqual(model);
});

test('outcomes of two incidents that learn at once both count', () => {
  const prior = lesson('prior');
  expect(rebaseModel(prior.change, prior.model, prior.model).value).toEqual({ alpha: 3.2, beta: 0.8 });
  const calibration = lesson('calibration');
  expect(rebaseModel(calibration.change, calibration.model, calibration.model).value).toMatchObject({
    bins: expect.arrayContaining([{ from: 0.8, to: 0.9, right: 2, total: 2 }]),
  });
  const raised = modelOf('threshold', 'errors-by-cause|GET /cart', { factor: 4 });
  const threshold = lesson('threshold', [raised]);
  expect(rebaseModel(threshold.change, threshold.model, { ...raised, value: { factor: 6 } }).value).toEqual({ factor: 4 });
});

test('damaged values are replaced', () => {
  const { model, change } = lesson('prior');
  expect(rebaseModel(change, model, { ...model, value: { alpha: 'x' } }).value).toEqual(model.value);
  const raised = modelOf('threshold', 'errors-by-cause|GET /cart', { factor: 4 });
  const threshold = lesson('threshold', [raised]);
  expect(rebaseModel(threshold.change, threshold.model, { ...raised, value: {} }).value).toEqual({ factor: 1 });
});
