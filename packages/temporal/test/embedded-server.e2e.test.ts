import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServer } from '../src/embedded/embedded-server.ts';
import { resolveTemporalBinary } from '../src/embedded/resolve-binary.ts';

test('starts again when a port was taken between its choice and the start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-embedded-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = await startEmbeddedServer({ binary: await failingFirst(folder, 1), dataDir: folder, namespace: 'selfheal', ui: false });
  onTestFinished(() => server.stop());
  expect(await readFile(join(folder, 'starts'), 'utf8')).toBe('12');
  expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
});

test('gives up on a server that never stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-embedded-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const started = startEmbeddedServer({ binary: await failingFirst(folder, 99), dataDir: folder, namespace: 'selfheal', ui: false });
  await expect(started).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', where: { log: join(folder, 'temporal.log') } });
  expect(await readFile(join(folder, 'starts'), 'utf8')).toBe('123');
});

/** The real server behind a program that ends at once for its first `times` starts, as the server does when its port is taken. */
async function failingFirst(folder: string, times: number): Promise<string> {
  const { path: real } = await resolveTemporalBinary({ env: process.env });
  const program = join(folder, 'temporal');
  const starts = join(folder, 'starts');
  await writeFile(
    program,
    `#!/bin/sh
last=$(tail -c 1 '${starts}' 2>/dev/null || echo 0)
printf %s $((last + 1)) >> '${starts}'
[ "$last" -lt ${times} ] && exit 1
exec '${real}' "$@"
`,
  );
  await chmod(program, 0o755);
  return program;
}
