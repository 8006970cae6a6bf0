import { fastifyService, type MadeService, makeService, pnpmService, type Service } from '@selfheal/testkit';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { heal } from './rig.ts';

/** The members' own tests as they run there without a package manager. */
async function testsPass({ root }: MadeService, folder: string, command: string): Promise<void> {
  const tests = await execa(command, { cwd: `${root}/${folder}`, shell: true, reject: false, preferLocal: true, localDir: root });
  expect([tests.exitCode, tests.stderr]).toEqual([0, tests.stderr]);
}

async function healed(service: Service) {
  const made = await makeService(service);
  const { exitCode, report, stderr } = await heal(made.root, [made.log]);
  expect([exitCode, stderr]).toEqual([0, stderr]);
  const [incident] = report?.incidents ?? [];
  expect(incident).toMatchObject({
    type: 'error',
    status: 'merged',
    diagnosis: { category: 'null-access' },
    validation: { passed: true, proof: { baseFails: true, headPasses: true, plantedFailureSeen: true } },
  });
  return { made, incident };
}

describe('selfheal heal on real frameworks', () => {
  it('heals a Fastify service in TypeScript from its pino log', async () => {
    const { made, incident } = await healed(fastifyService);
    expect(incident?.diagnosis).toMatchObject({ file: 'src/quotes/quote-parcel.ts', line: 11, function: 'quoteParcel' });
    expect(incident?.patch?.tests).toMatchObject([{ file: 'test/quote-parcel-regression.test.ts' }]);
    await testsPass(made, '.', 'vitest run');
  });

  it('heals the package of a pnpm workspace that is at fault, with a test of that package', async () => {
    const { made, incident } = await healed(pnpmService);
    expect(incident?.diagnosis).toMatchObject({ file: 'packages/pricing/src/cheapest-line.ts', line: 7, function: 'cheapestLine' });
    expect(incident?.patch?.tests).toMatchObject([{ file: 'packages/pricing/src/cheapest-line-regression.test.ts' }]);
    await testsPass(made, 'packages/pricing', "node --test 'src/**/*.test.ts'");
    await testsPass(made, 'apps/api', 'node --test');
  });
});
