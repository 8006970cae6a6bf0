import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BeatContext, beats, selfhealConfig } from '@selfheal/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpenProject } from '../project/open-project.ts';
import { createTelemetryPool, type TelemetryPool } from './telemetry-pool.ts';

let root: string;
let pool: TelemetryPool;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'selfheal-telemetry-pool-'));
  mkdirSync(join(root, '.selfheal'));
});
afterEach(async () => {
  await pool.close();
  rmSync(root, { recursive: true, force: true });
});

it('runs a beat that does not do with the usual heap in the wide one, and starts anew after a rest', async () => {
  pool = createTelemetryPool(
    { project: project(), databaseUrl: undefined },
    { usual: { maxOldGenerationSizeMb: 64 }, wide: { maxOldGenerationSizeMb: 512 } },
  );
  // Four megabytes of text that take over eighty once they are parsed.
  const hollow = `{"msg":"hollow","list":[${'[],'.repeat(1_200)}[]]}\n`;
  expect(await intake('a.log', hollow.repeat(1_100))).toBe(1_100);
  await pool.rest();
  expect(await intake('b.log', '{"level":"info","msg":"three"}\n')).toBe(1);
});

it('gives the error of a beat as it is', async () => {
  pool = createTelemetryPool({ project: project(), databaseUrl: undefined });
  const missing = { projectId: 'p', paths: ['none.log'], maxBytes: 1_000 };
  await expect(pool.run('loadLogFiles', missing, context('loadLogFiles'))).rejects.toMatchObject({ code: 'LOG_MISSING' });
});

/** Lines of the log that were read. */
async function intake(name: string, text: string): Promise<number> {
  writeFileSync(join(root, name), text);
  const loaded = await pool.run('loadLogFiles', { projectId: 'p', paths: [name], maxBytes: 5_000_000 }, context('loadLogFiles'));
  const { segments } = beats.loadLogFiles.output.parse(loaded);
  const extracted = await pool.run('extractTelemetryEvents', { projectId: 'p', segments }, context('extractTelemetryEvents'));
  return beats.extractTelemetryEvents.output.pick({ lines: true }).parse(extracted).lines;
}

function project(): OpenProject {
  const config = selfhealConfig.parse({});
  return { id: 'p', name: 'p', root, dataDir: join(root, '.selfheal'), config, configFile: undefined };
}

function context(beat: string): BeatContext {
  const { signal } = new AbortController();
  return { workflowId: 'w', sequence: 'telemetry.parse', beat, attempt: 1, key: `w/${beat}`, signal, heartbeat: () => undefined };
}
