import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { workflowBundle } from '../src/index.ts';

const HISTORIES = join(import.meta.dirname, '../../../fixtures/histories');
const SEQUENCES = [
  'telemetry.parse',
  'anomaly.detect',
  'diagnosis.analyze',
  'fix.generate',
  'validation.run',
  'deployment.deploy',
  'learning.track',
];

describe.each(readdirSync(HISTORIES))('histories recorded by release %s', (release) => {
  const files = readdirSync(join(HISTORIES, release)).filter((name) => name.endsWith('.json'));

  it('hold all seven sequences and the heal chain', () => {
    expect(files).toEqual(expect.arrayContaining([...SEQUENCES, 'healIncident', 'sweep'].map((type) => `${type}.json`)));
  });

  it('replay on the workflow code of today without a nondeterminism error', async () => {
    const { codePath } = await workflowBundle(join(tmpdir(), 'selfheal-replay'));
    const histories = files.map((file) => ({
      workflowId: file,
      history: JSON.parse(readFileSync(join(HISTORIES, release, file), 'utf8')),
    }));
    const failed: string[] = [];
    for await (const result of Worker.runReplayHistories({ workflowBundle: { codePath } }, histories)) {
      if (result.error !== undefined) failed.push(`${result.workflowId}: ${result.error.message}`);
    }
    expect(failed).toEqual([]);
  });
});
