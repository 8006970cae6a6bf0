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
  { what: 'swallows the error', replace: `  try {\n  ${RETURN}\n  } catch {\n    return undefined;\n  }`, stage: 'proof' },
  { what: 'returns nothing at all', replace: `  return undefined;\n${RETURN}`, stage: 'proof' },
  { what: 'does nothing', replace: `${RETURN} // mended`, stage: 'proof' },
  { what: 'returns what its test wants, whatever comes', replace: "  return '';", stage: 'other tests' },
  {
    what: 'mends its test and breaks the rest',
    replace: `  return order.customer == null ? '' : order.customer.name;`,
    stage: 'other tests',
  },
])('a patch that $what is refused by its $stage', async ({ replace, stage }) => {
  const patch = await rig.store({ code: [{ file: 'src/orders.js', search: RETURN, replace }], test: LABEL_TEST, at: LABEL_AT });
  const { validation, applied } = await validate(rig, patch, { testsOnly: true });
  expect(applied.integrity).toEqual({ valid: true, violations: [] });
  const refused = validation.checks.filter((check) => check.required && !check.passed).map(({ name }) => name);
  expect(refused[0]).toBe(stage);
  expect(validation.passed).toBe(false);
});
