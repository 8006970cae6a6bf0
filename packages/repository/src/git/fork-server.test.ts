import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runInForkServer } from './fork-server.ts';
import type { GitProcess } from './git-process.ts';

const MODULE = new URL('./fork-server.ts', import.meta.url).href;
const asked = (args: string[], more: Partial<GitProcess> = {}): GitProcess => ({
  folder: tmpdir(),
  args,
  env: { PATH: process.env.PATH ?? '' },
  ...more,
});

describe('the fork server', () => {
  it('answers several at once, each with its own: bytes, exit code, variables', async () => {
    const inputs = Array.from({ length: 20 }, (_, index) => Buffer.from([0, 255, index]));
    const answers = await Promise.all(inputs.map((input) => runInForkServer(asked(['hash-object', '--stdin'], { input }))));
    expect(new Set(answers.map(({ stdout }) => Buffer.from(stdout).toString())).size).toBe(20);
    expect(answers.map(({ exitCode }) => exitCode)).toEqual(inputs.map(() => 0));
    const variables = { PATH: process.env.PATH ?? '', GIT_AUTHOR_NAME: 'ä', GIT_AUTHOR_EMAIL: 'a@b' };
    const named = await runInForkServer(asked(['var', 'GIT_AUTHOR_IDENT'], { env: variables }));
    expect(Buffer.from(named.stdout).toString()).toMatch(/^ä <a@b>/);
  });

  it('says what git said, and what stood against its start', async () => {
    const unknown = await runInForkServer(asked(['no-such-command']));
    expect([unknown.exitCode, Buffer.from(unknown.stderr).toString()]).toEqual([1, expect.stringContaining('no-such-command')]);
    expect(await runInForkServer(asked(['status'], { folder: '/nowhere' }))).toMatchObject({
      problem: expect.stringContaining('/nowhere'),
    });
  });

  it('holds up no process that has nothing else to do, and is replaced when it was killed', async () => {
    const script = `
      import { runInForkServer } from ${JSON.stringify(MODULE)};
      import { readFileSync } from 'node:fs';
      const run = { folder: ${JSON.stringify(tmpdir())}, args: ['version'], env: { PATH: process.env.PATH } };
      await runInForkServer(run);
      const [child] = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ');
      process.kill(Number(child), 'SIGKILL');
      const answers = [await runInForkServer(run)];
      await new Promise((resolve) => setTimeout(resolve, 300));
      answers.push(await runInForkServer(run));
      console.log(JSON.stringify(answers.map(({ exitCode, problem }) => exitCode ?? problem)));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
    const [first, second] = JSON.parse(stdout);
    // The question may still have reached the dead one's socket; whether git ran is then not known, and nobody asks again.
    expect([0, 'the process that runs git ended (SIGKILL)']).toContain(first);
    expect(second).toBe(0);
  });
});
