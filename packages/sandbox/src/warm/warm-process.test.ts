import { PassThrough } from 'node:stream';
import type { RunResult } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { type StartTalking, WarmProcess } from './warm-process.ts';

const GONE: RunResult = { exitCode: 134, stdout: '', stderr: 'out of memory', timedOut: false, durationMs: 1 };

/** A process that doubles numbers and dies of 13. */
function doubling(starts: string[]): () => StartTalking {
  return () => (talk) =>
    new Promise((resolve) => {
      starts.push('started');
      const [input, output] = [new PassThrough(), new PassThrough()];
      let token = '';
      input.setEncoding('utf8').on('data', (chunk: string) => {
        for (const line of chunk.split('\n').filter((one) => one !== '')) {
          const message = JSON.parse(line);
          if (message.kind === 'setup') token = message.token;
          else if (message.n === 13) {
            input.removeAllListeners('data');
            output.end();
            resolve(GONE);
            return;
          } else output.write(`${token} ${JSON.stringify({ id: message.id, twice: 2 * message.n })}\n`);
        }
      });
      input.on('end', () => resolve(GONE));
      talk(input, output);
    });
}

test('a job that takes the process down is broken; those behind it are answered by the next process', async () => {
  const starts: string[] = [];
  const process = new WarmProcess({}, doubling(starts));
  const answers = await Promise.all([1, 13, 3].map((n) => process.ask({ n })));
  expect(answers).toMatchObject([{ twice: 2 }, { broken: expect.stringContaining('out of memory') }, { twice: 6 }]);
  expect(starts).toHaveLength(2);
  await process.close();
  await expect(process.ask({ n: 1 })).rejects.toMatchObject({ code: 'SANDBOX_FAILED' });
});

test('a process that never answers is given up', async () => {
  const process = new WarmProcess({}, doubling([]));
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => process.ask({ n: 13 })));
  expect(answers.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), ...Array(3).fill('rejected')]);
});
