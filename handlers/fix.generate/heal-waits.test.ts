import type { Validation } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { validate } from '../validation.run/validation-rig.ts';
import { flowAnomaly } from './anomalies-for-tests.ts';
import { fixRig, generateFix } from './fix-rig.ts';
import { sampleTest } from './sample-tests.ts';

const steps = ['validate', 'reserve', 'confirm'];

/** A flow with a pause in the middle, written in the repository's manner. */
function flow(pause: string, head = '', exporting = 'export '): string {
  return `${head}
/** Deadlines of a flow are no pauses. */
async function within(ms, work) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error('late')), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

${exporting}async function placeOrder(order, log) {
  log.info({ step: 'validate' });
  ${pause}
  await within(9000, async () => log.info({ step: 'reserve' }));
  log.info({ step: 'confirm' });
  return order.id;
}
`;
}

/** The whole way of a pause: diagnosis, fix.generate, and every beat of validation.run. */
async function heal(files: Record<string, string>): Promise<{ diff: string; validation: Validation }> {
  await using rig = await fixRig(files);
  const anomaly = flowAnomaly({
    flow: 'placeOrder',
    deviation: 'waiting',
    expected: steps,
    seen: steps,
    steps: ['reserve'],
    waitMs: 700,
    input: { id: 'o1' },
  });
  const { patch, stored, search } = await generateFix(rig, await rig.diagnose(anomaly));
  if (!patch || !stored) throw new Error(`${search.why}: ${JSON.stringify(search.trials)}`);
  const { validation } = await validate(rig, await rig.ports.records.need('patch', stored.patchId));
  return { diff: patch.diff, validation };
}

describe('a pause that nothing declares is taken out and proved', () => {
  it.each([
    ['node:test', 'esm', flow('await new Promise((resolve) => setTimeout(resolve, 700));')],
    ['vitest', 'esm', flow('await delay(700);', "import { setTimeout as delay } from 'node:timers/promises';\n")],
    ['mocha', 'cjs', flow('await new Promise((resolve) => setTimeout(resolve, 700));', '', 'exports.placeOrder = placeOrder;\n\n')],
    [
      'jest',
      'cjs',
      flow('await delay(700);', "const { setTimeout: delay } = require('node:timers/promises');\n", 'exports.placeOrder = placeOrder;\n\n'),
    ],
  ] as const)('with %s (%s)', async (runner, modules, source) => {
    const { diff, validation } = await heal(sampleTest(runner, modules, { 'src/place-order.js': source }));
    expect(diff).toMatch(/(must|does) not wait 700 ms/);
    expect(diff).not.toMatch(/globalThis\.|performance\.now|Date\.now/);
    expect(validation.checks.filter((check) => check.required && !check.passed)).toEqual([]);
    expect(validation).toMatchObject({ passed: true, proof: { holds: true, baseFails: true }, integrity: { valid: true } });
  });
});
