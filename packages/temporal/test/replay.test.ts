import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import proto from '@temporalio/proto';
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
  const files = readdirSync(join(HISTORIES, release)).filter((name) => name.endsWith('.pb'));

  it('hold all seven sequences, the heal chain, remediated beats and a build', () => {
    expect(files).toEqual(
      expect.arrayContaining(
        [...SEQUENCES, 'build', 'coordinator', 'healIncident', 'housekeeping', 'orders.import-heals', 'sweep'].map((type) => `${type}.pb`),
      ),
    );
  });

  it('replay on the workflow code of today without a nondeterminism error', async () => {
    const { codePath } = await workflowBundle(join(tmpdir(), 'selfheal-replay'));
    const histories = files.map((file) => {
      const history = proto.temporal.api.history.v1.History.decode(readFileSync(join(HISTORIES, release, file)));
      const workflowId = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? file;
      return { workflowId, history };
    });
    const failed: string[] = [];
    for await (const result of Worker.runReplayHistories({ workflowBundle: { codePath } }, histories)) {
      if (result.error !== undefined) failed.push(`${result.workflowId}: ${result.error.message}`);
    }
    expect(failed).toEqual([]);
  });
});
