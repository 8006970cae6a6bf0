import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSelfhealError } from '@selfheal/contracts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type DeployRequest, runDeploy } from './run-deploy.ts';

describe('runDeploy', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'selfheal deploy-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
  });

  const deploy = (command: string, overrides: Partial<DeployRequest> = {}) =>
    runDeploy({
      command,
      root,
      logDir: join(root, 'logs'),
      key: 'dep-1/deploy',
      env: { PATH: process.env.PATH ?? '', SELFHEAL_DEPLOY_KEY: 'dep-1/deploy' },
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      redact: (line) => line.replaceAll(/tok_\w+/g, '<redacted>'),
      ...overrides,
    });

  it('runs in the repository and shows each line while it runs', async () => {
    const lines: string[] = [];
    const result = await deploy('echo "key $SELFHEAL_DEPLOY_KEY"; printf "\\033[32mgreen\\033[0m\\n" >&2; pwd', {
      onOutput: (line) => lines.push(line),
    });
    expect(result).toMatchObject({ deployed: true, key: 'dep-1/deploy' });
    expect(result.output).toBe(`key dep-1/deploy\ngreen\n${root}\n`);
    expect(lines).toEqual(['key dep-1/deploy', '[32mgreen[0m', root]);
  });

  it('keeps and shows what the command prints without its secrets, also where it fails', async () => {
    const lines: string[] = [];
    const result = await deploy('echo "with tok_1canary"; printf "and tok_2canary" >&2', { onOutput: (line) => lines.push(line) });
    expect(result.output).toBe('with <redacted>\nand <redacted>\n');
    expect(lines).toEqual(['with <redacted>', 'and <redacted>']);
    const [log = ''] = await readdir(join(root, 'logs'));
    expect(await readFile(join(root, 'logs', log), 'utf8')).toBe(result.output);
    await expect(deploy('echo tok_3canary; exit 7')).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.message.includes('ended with 7: <redacted>'),
    );
    expect(await readdir(root)).toEqual(['logs']);
  });

  it('lets a service that it started live on, with its output, and does not wait for it', async () => {
    const service = '(for i in 1 2 3 4 5 6 7 8 9 10; do echo tick; sleep 0.1; done; echo alive > served; echo $$ > pid) &';
    const result = await deploy(`${service} echo started`);
    expect(result.durationMs).toBeLessThan(900);
    await expect.poll(() => readFile(join(root, 'served'), 'utf8').catch(() => ''), { timeout: 10_000 }).toBe('alive\n');
  });

  it('fails with what the command printed', async () => {
    await expect(deploy('echo no room; exit 7')).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.code === 'DEPLOY_FAILED' && error.message.includes('ended with 7: no room'),
    );
  });

  it('ends a command that takes too long, and only that one', async () => {
    const command = '(sleep 1; echo alive > served) & echo waiting; exec sleep 30';
    await expect(deploy(command, { timeoutMs: 300 })).rejects.toSatisfy(
      (error) => isSelfhealError(error) && error.code === 'DEPLOY_FAILED' && error.message.includes('within 300 ms'),
    );
    await expect.poll(() => readFile(join(root, 'served'), 'utf8').catch(() => ''), { timeout: 10_000 }).toBe('alive\n');
  });

  it('stops when it is cancelled', async () => {
    const cancel = new AbortController();
    const running = deploy('exec sleep 30', { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    await expect(running).rejects.toSatisfy((error) => isSelfhealError(error) && error.code === 'CANCELLED');
  });

  it('keeps the end of a long output', async () => {
    const { output } = await deploy('i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done');
    expect(output.startsWith('…\nline 19')).toBe(true);
    expect(output.endsWith('line 19999\n')).toBe(true);
    expect(output.length).toBeLessThan(4_100);
  });
});
