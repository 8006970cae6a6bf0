import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RemediationAttempt } from '@selfheal/contracts';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from './in-process.ts';

const EXAMPLES = fileURLToPath(new URL('../../../json-sequences/examples/', import.meta.url));

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'selfheal-examples-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

const example = (name: string) => run(['sequence', 'run', join(EXAMPLES, `${name}.json`), '--data', data]);

/** The private copy that an example worked on, as commands name it. */
const placeOf = (stderr: string) => {
  const root = /private copy of [^:]+: (.+)/.exec(stderr)?.[1] ?? '';
  return { root, options: ['--repo', root, '--data', join(root, '../data')] };
};

async function attemptsIn(options: readonly string[], ...more: readonly string[]): Promise<RemediationAttempt[]> {
  const { stdout } = await run(['attempts', 'list', ...options, ...more, '--json', '-']);
  return JSON.parse(stdout).attempts;
}

it.each([
  ['build-heals', 'repair-engine'],
  ['api-renamed-field-heals', 'renamed-field'],
])('%s heals by %s, and the patch is merged: exit 0', async (name, proposer) => {
  const { exitCode, stderr } = await example(name);
  expect([exitCode, stderr]).toEqual([0, stderr]);
  const { root, options } = placeOf(stderr);
  expect(await attemptsIn(options)).toMatchObject([{ result: 'healed', decision: { decision: 'RETRY', proposer } }]);
  const { stdout } = await execa('git', ['log', '-1', '--format=%(trailers:key=Selfheal-Proposer,valueonly)', 'HEAD^2'], { cwd: root });
  expect(stdout.trim()).toBe(proposer);
});

it('data-quality-heals ends in each decision: exit 4; its attempts are listed, shown, and decided on again', async () => {
  const { exitCode, stderr, stdout } = await example('data-quality-heals');
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([4, { status: 'completed', failures: [{}, {}] }]);
  const { options } = placeOf(stderr);
  const attempts = await attemptsIn(options);
  expect(attempts.map(({ decision }) => decision?.decision).toSorted()).toEqual(['ESCALATE', 'FAIL', 'RETRY']);
  const [failed] = await attemptsIn(options, '--decision', 'FAIL');
  expect(await attemptsIn(options, '--limit', '1', '--offset', '1')).toEqual([attempts[1]]);
  const shown = await run(['attempts', 'show', failed?.id ?? '', ...options]);
  expect(shown.stdout).toMatch(/decision {2}FAIL by last-word[\s\S]*asked[\s\S]*models: [\s\S]*ANTHROPIC_API_KEY/);

  const figures = await run(['attempts', 'report', ...options]);
  expect(figures.stdout).toMatch(/^3 attempts .*healed 1[\s\S]*RETRY 1[\s\S]*this month \$0\.0000 of \$100/);

  const again = await run(['attempts', 'again', failed?.id ?? '', ...options]);
  expect([again.exitCode, again.stderr]).toEqual([4, expect.stringContaining('REMEDIATION_FAILED')]);
  const all = await attemptsIn(options);
  expect(all.filter(({ trigger }) => trigger === 'manual')).toMatchObject([{ beat: 'checkMembers', decision: { decision: 'FAIL' } }]);
});
