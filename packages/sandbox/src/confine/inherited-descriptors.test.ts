import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const MODULE = new URL('./inherited-descriptors.ts', import.meta.url).href;
const LIST = 'for (const one of fs.readdirSync("/proc/self/fd")) try { console.log(fs.readlinkSync("/proc/self/fd/" + one)) } catch {}';

/** Node closes the first ones at its start, up to a gap. */
const NUMBER = 40;

/** What a child sees of the file that our own parent left open for us. */
async function seenByChild(stdio: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-descriptors-'));
  const file = join(folder, 'left-open');
  await writeFile(file, 'secret');
  await using handle = await open(file);
  const code = `
    import { spawnSync } from 'node:child_process';
    import { withheldDescriptors } from ${JSON.stringify(MODULE)};
    using withheld = withheldDescriptors();
    spawnSync(process.execPath, ['-e', ${JSON.stringify(`const fs = require('node:fs'); ${LIST}`)}], { stdio: ${stdio} });`;
  const between = Array.from({ length: NUMBER - 3 }, () => 'ignore' as const);
  const ours = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit', ...between, handle.fd],
  });
  if (ours.stdout === null) throw new Error('its output is not read');
  const [output] = await Promise.all([text(ours.stdout), once(ours, 'exit')]);
  await rm(folder, { recursive: true });
  return output;
}

test('what our parent left open passes on to a child, unless it is withheld', async () => {
  expect(await seenByChild("['ignore', 'inherit', 'inherit']")).toContain('left-open');
  const withheld = await seenByChild("['ignore', 'inherit', 'inherit', ...withheld.stdio]");
  expect(withheld).toContain('/dev/null');
  expect(withheld).not.toContain('left-open');
});

test('what Node opened itself is not taken for something that passes on', async () => {
  await using handle = await open(import.meta.filename);
  const { withheldDescriptors } = await import('./inherited-descriptors.ts');
  using withheld = withheldDescriptors();
  expect(withheld.stdio[handle.fd - 3] ?? 'ignore').toBe('ignore');
});
