import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSequence } from '@selfheal/sequences';
import { createBlobs, readEngine } from '@selfheal/store';
import { connectClient } from '@selfheal/temporal';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSelfHealing, type SelfHealing } from '../src/index.ts';

const TWO_DAYS = 2 * 86_400_000;
const now = Date.now();

describe('housekeeping of a project', () => {
  let root: string;
  let healing: SelfHealing;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'selfheal-house-'));
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'shop', type: 'module' }));
    writeFileSync(join(root, 'src/pay.js'), 'export const pay = (n) => n;\n');
    for (const args of [
      ['init', '-q'],
      ['add', '.'],
      ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'one'],
    ])
      await execa('git', args, { cwd: root });
    healing = await createSelfHealing({
      repo: root,
      config: { housekeeping: { compactAfterMs: 0, compactSpanMs: 86_400_000, intakeMaxBytes: 4_096, beatRunsMs: 0 } },
      env: process.env,
    });
    await healing.start();
  });
  afterAll(async () => {
    await healing?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('joins batches, has no host event left that is stored, and keeps values of open runs alone', async () => {
    for (const from of [0, 100]) {
      await healing.ingest(lines(from, from + 100));
      writeFileSync(join(root, 'app.log'), `${lines(from + 1000, from + 1100).join('\n')}\n`, { flag: 'a' });
      await healing.healLogs({ paths: ['app.log'] });
    }
    expect(await healing.records.count('batch')).toBe(2);
    const blobs = createBlobs({ dir: join(healing.project.dataDir, 'blobs') });
    const [inRun, inRecord, unused] = [
      await blobs.put(['held by a run']),
      await blobs.put(['held by a record']),
      await blobs.put(['unused']),
    ];
    const { plan } = readSequence(JSON.stringify(WAITING), { file: 'waits' });
    if (plan === undefined) throw new Error('the document is wrong');
    const waiting = healing.runSequence(plan, { held: inRun }).catch(() => 'ended');
    await healing.records.put('audit', {
      id: 'a',
      projectId: 'p',
      at: 1,
      actor: 'a',
      action: 'b',
      subject: 'c',
      detail: JSON.stringify(inRecord),
    });
    const notices: string[] = [];
    healing.on('notice', (line) => notices.push(line));
    const { line, failed } = await healing.keepHouse();
    expect(failed).toEqual([]);
    expect(line).toMatch(/^housekeeping: joined 2 batches into 1, \d+ slices into \d+; removed the timing of \d+ beats$/);
    await expect.poll(() => notices).toContain(line);
    age(join(healing.project.dataDir, 'blobs'));
    expect((await healing.keepHouse()).line).toMatch(/^housekeeping: .*removed \d+ values between beats, /);
    expect(await blobs.get(inRun)).toEqual(['held by a run']);
    expect(await blobs.get(inRecord)).toEqual(['held by a record']);
    await expect(blobs.get(unused)).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
    expect(await healing.records.count('batch')).toBe(1);
    expect(readdirSync(join(healing.project.dataDir, 'intake')).filter((name) => name.endsWith('.sealed'))).toEqual([]);
    const { incidents } = await healing.healLogs({ paths: ['app.log'] });
    expect(incidents).toEqual([]);
    await endRuns(healing.project.dataDir, 'waits');
    expect(await waiting).toBe('ended');
  });
});

const WAITING = {
  id: 'waits',
  name: 'Waits',
  movements: [{ id: 'm', name: 'M', beats: [{ id: 'gate', approval: { prompt: 'go on?' } }] }],
};

function lines(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const request = { method: 'GET', url: `/orders/${number}` };
    return JSON.stringify({
      level: 30,
      time: now - 60_000 + number,
      reqId: `r${number}`,
      req: request,
      res: { statusCode: 200 },
      responseTime: 5,
      msg: 'done',
    });
  });
}

async function endRuns(dataDir: string, type: string): Promise<void> {
  const engine = await readEngine(dataDir);
  const { client, connection } = await connectClient({ address: engine?.temporalAddress ?? '', namespace: engine?.namespace ?? '' });
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = '${type}' AND ExecutionStatus = 'Running'` }))
    await client.workflow.getHandle(workflowId).terminate();
  await connection.close();
}

function age(folder: string): void {
  const then = new Date(Date.now() - TWO_DAYS);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), then, then);
}
