import { expect, test } from 'vitest';
import { runCIChecks } from './runCIChecks.ts';
import { deploymentOf, openFix } from './testing/ship.ts';
import { ShippingRig } from './testing/shipping-rig.ts';

test('runs the tests of the repository on the head, and not again once they passed', async () => {
  await using rig = await ShippingRig.create({ test: 'node --test' });
  const opened = await openFix(rig);
  const said: string[] = [];
  rig.onHeartbeat = (text) => void said.push(text);
  const input = { deploymentId: opened.loaded.deploymentId, pullRequest: opened.pullRequest, command: 'node --test' };
  const { ci } = await runCIChecks(input, rig.ports);
  expect(ci).toMatchObject({ passed: true, exitCode: 0, head: opened.commit });
  expect(ci.output).toContain('pass 2');
  expect(said[0]).toBe(`checks of ${opened.commit.slice(0, 12)}: node --test`);
  said.length = 0;
  expect(await runCIChecks(input, rig.ports)).toEqual({ ci });
  expect(said).toEqual([]);
});

/** Fails where the new test of the fix is. */
const against = (file: string) => `test ! -e ${file} || { echo no; exit 3; }`;

test('checks that fail on the fix are a result', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const opened = await openFix(rig);
  const added = opened.loaded.patch.test.file;
  const { ci } = await runCIChecks(
    { deploymentId: opened.loaded.deploymentId, pullRequest: opened.pullRequest, command: against(added) },
    rig.ports,
  );
  expect(ci).toMatchObject({ passed: false, exitCode: 3, output: 'no\n', baseFails: false, head: opened.commit });
  expect(await deploymentOf(rig, opened)).toMatchObject({ status: 'ci_failed', reason: expect.stringContaining('ended with 3') });
});

test('a fix is not blamed for checks that failed before it: it waits, and the failures are named', async () => {
  await using rig = await ShippingRig.create({ ci: 'true' });
  const opened = await openFix(rig);
  const { ci } = await runCIChecks(
    { deploymentId: opened.loaded.deploymentId, pullRequest: opened.pullRequest, command: 'echo "not ok 1 - sums an order"; exit 3' },
    rig.ports,
  );
  expect(ci).toMatchObject({ passed: false, exitCode: 3, baseFails: true });
  expect(await deploymentOf(rig, opened)).toMatchObject({
    status: 'blocked',
    reason: expect.stringMatching(/fail before any change.*sums an order.*REPO_TESTS_FAIL/),
  });
});
