import { once } from 'node:events';
import { makeOrdersRepository, ordersLog } from '@selfheal/testkit';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { COMMAND_FILE } from './rig.ts';

it('finds in what is piped to heal what it would find in a file', async () => {
  const repository = await makeOrdersRepository();
  const input = ordersLog({ stack: repository.stack, healthy: 60, failing: 12 });
  const args = [COMMAND_FILE, 'heal', '--repo', repository.root, '--logs', '-', '--stop-after', 'diagnose', '--json', '-'];
  const ran = await execa(process.execPath, args, { reject: false, input, env: { CI: 'true' } });
  expect([ran.exitCode, ran.stderr]).toEqual([0, ran.stderr]);
  expect(JSON.parse(ran.stdout).incidents).toMatchObject([{ type: 'error', diagnosis: { file: 'lib/label.js', line: 12 } }]);
});

it('goes on as a service when its input has ended, and ends in order', async () => {
  const repository = await makeOrdersRepository();
  const up = execa(process.execPath, [COMMAND_FILE, 'up', '-', '--repo', repository.root, '--no-otlp', '--quiet'], {
    reject: false,
    input: ordersLog({ stack: repository.stack, healthy: 5, failing: 0 }),
    env: { CI: 'true' },
  });
  let seen = '';
  up.stderr.on('data', (chunk) => {
    seen += String(chunk);
  });
  while (!seen.includes('standard input has ended')) await once(up.stderr, 'data');
  up.kill('SIGTERM');
  const { exitCode, stderr } = await up;
  expect([exitCode, stderr]).toEqual([0, stderr]);
  expect(stderr).not.toContain('no logs are configured');
});
