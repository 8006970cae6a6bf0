import { afterAll, beforeAll, expect, test } from 'vitest';
import { LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { type ValidationRig, validate, validationRig } from './validation-rig.ts';

let rig: ValidationRig;
beforeAll(async () => {
  rig = await validationRig(SHOP);
});
afterAll(() => rig[Symbol.asyncDispose]());

const RETURN = '  return order.customer.name.toUpperCase();';

/** Patches that say nothing wrong, so that the integrity check lets them through; the check that refuses each. */
test.each([
  ['swallows the error', `  try {\n  ${RETURN}\n  } catch {\n    return undefined;\n  }`, 'proof'],
  ['returns nothing at all', `  return undefined;\n${RETURN}`, 'proof'],
  ['does nothing', `${RETURN} // mended`, 'proof'],
  ['returns what its test wants, whatever comes', "  return '';", 'other tests'],
  ['mends its test and breaks the rest', `  return order.customer == null ? '' : order.customer.name;`, 'other tests'],
])('a patch that %s is refused by its %3$s', async (_, replace, stage) => {
  const patch = await rig.store({ code: [{ file: 'src/orders.js', search: RETURN, replace }], test: LABEL_TEST, at: LABEL_AT });
  const { validation, applied } = await validate(rig, patch, { testsOnly: true });
  expect(applied.integrity).toEqual({ valid: true, violations: [] });
  const refused = validation.checks.filter((check) => check.required && !check.passed).map(({ name }) => name);
  expect(refused[0]).toBe(stage);
  expect(validation.passed).toBe(false);
});
