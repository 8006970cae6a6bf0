import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findTypeCheck } from './type-check-command.ts';

async function folderWith(scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-types-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts }));
  return folder;
}

test.each([
  { given: 'npx tsc --noEmit -p .', scripts: {}, finds: 'tsc --noEmit -p .' },
  { given: 'npm run types', scripts: { types: 'npx tsc -p .' }, finds: 'tsc -p .' },
  { given: undefined, scripts: { test: 'tsc --noEmit && vitest run', lint: 'eslint .' }, finds: 'tsc --noEmit' },
  { given: undefined, scripts: { build: 'tsc -b', typecheck: 'tsc --noEmit' }, finds: 'tsc --noEmit' },
  { given: undefined, scripts: { dev: 'tsc --watch', test: 'mocha' }, finds: undefined },
])('$given of $scripts checks types by $finds', async ({ given, scripts, finds }) => {
  expect(await findTypeCheck(await folderWith(scripts), given)).toBe(finds);
});
