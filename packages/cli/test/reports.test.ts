import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Anomaly, Incident } from '@selfheal/contracts';
import { createSelfHealing, type OperationsReport } from 'selfheal';
import { beforeAll, describe, expect, it } from 'vitest';
import { sparkline } from '../src/output/sparkline.ts';
import { run } from './in-process.ts';
import { HOSTILE, makeStoredService, START } from './stored-service.ts';

let root: string;
beforeAll(async () => {
  ({ root } = await makeStoredService({
    slos: [
      { name: 'labels', operation: 'POST /orders*', availability: 0.99 },
      { operation: 'POST /orders/label', latencyMs: 50, share: 0.5 },
      { operation: 'GET /nothing', availability: 0.9 },
    ],
  }));
});

/** What would change the screen or hide something. */
const UNSEEN = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

async function print(...args: string[]): Promise<string> {
  const { stdout, error } = await run([...args, '--repo', root]);
  expect(error).toBeUndefined();
  expect(stdout).not.toMatch(UNSEEN);
  expect(stdout).not.toMatch(/NaN|\bundefined(?! \(reading)|Infinity/);
  return stdout;
}

async function json<T>(...args: string[]): Promise<T> {
  return JSON.parse((await run([...args, '--repo', root, '--json', '-'])).stdout) as T;
}

describe('selfheal telemetry top', () => {
  it('lists operations by the time spent in them, with load, latency, errors, tests and when they were slow', async () => {
    const [head, , first, second] = (await print('telemetry', 'top')).split('\n');
    expect(head).toContain('2026-05-04 09:00:00 to 2026-05-04 10:00:00 UTC · 2,400 calls · releases v1, v2');
    expect(first).toMatch(/^POST \/orders\/label .* 20 +90\.\d % +13 ms +94 ms +94 ms +16\.7 % {2}partly {3}│·{16}▓{8}│$/);
    expect(second).toMatch(/^<script>alert\(1\)<\/script>\\u001b\[31m.*unknown/);
  });

  it('gives the same as data', async () => {
    const report = await json<OperationsReport>('telemetry', 'top');
    expect(report.columns).toHaveLength(24);
    expect(report.operations.map(({ operation, calls, errors, tested, code }) => ({ operation, calls, errors, tested, code }))).toEqual([
      { operation: 'POST /orders/label', calls: 1_200, errors: 200, tested: 'partly', code: 'lib/label.js:11' },
      { operation: HOSTILE, calls: 1_200, errors: 0, tested: 'unknown' },
    ]);
  });

  it('writes a page, whole, in a folder that it makes', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'selfheal-page-')), 'a/b');
    await print('telemetry', 'top', '--html', join(folder, 'top.html'));
    expect(await readdir(folder)).toEqual(['top.html']);
    const page = await readFile(join(folder, 'top.html'), 'utf8');
    expect(page).toContain('<th scope="row">POST /orders/label</th>');
    expect(page).not.toContain('<script');
  });
});

describe('selfheal anomalies and show', () => {
  it('list each cause with its picture', async () => {
    expect(await print('anomalies')).toMatch(
      /^an-slow-labels {2}high {6}\[performance\] POST \/orders\/label takes 92 ms.*▂▂▂▂│███ {2}finding$/m,
    );
    expect(await json('anomalies')).toMatchObject([{ id: 'an-slow-labels', sightings: 1, plot: { expected: 12 } }]);
  });

  it('show an anomaly: picture, expected and seen, evidence', async () => {
    const text = await print('show', 'an-slow-labels');
    expect(text).toContain('▂▂▂▂│███  median of POST /orders/label, ms');
    expect(text).toContain('before │ 12; after │ 92; expected 12');
    expect(text).toContain('expected 12 ms (release v1)');
    expect(text).toContain('seen     92 ms, 7.7 times as long; p50 92 ms, p95 94 ms, p99 94 ms over 400 calls');
    expect(text).toMatch(/app\.log:812 2026-05-04 09:41:00 {2}label in 94 ms <script>/);
    expect(await json('show', 'an-slow-labels')).toMatchObject({ expected: '12 ms (release v1)', plot: { before: expect.any(Array) } });
  });
});

describe('selfheal telemetry errors', () => {
  it('shows how each error stands', async () => {
    expect(await print('telemetry', 'errors')).toMatch(
      /^f00d {2}new {8}×200 {4}TypeError: Cannot read properties of undefined \(reading 'city'\) at lib\/label\.js:2 {2}\(release v2; last 2026-05-04 09:59:50\)$/m,
    );
  });
});

describe('selfheal slo', () => {
  it('shows what is left of each budget and how fast it burns', async () => {
    const text = await print('slo');
    expect(text).toMatch(
      /^labels {2}missed\n {2}83\.3 % of 1,200 calls were good, 99 % are promised over 30 days\n {2}error budget │░{20}│ spent 16\.7 times over/m,
    );
    expect(text).toMatch(/✖ burns at 16\.7 over 60 min and 50 over 5 min; page from 14\.4 in both/);
    expect(text).toMatch(/^POST \/orders\/label within 50 ms 50 % {2}kept\n {2}66\.7 % of/m);
    expect(text).toMatch(/^GET \/nothing available 90 % {2}unknown\n {2}no call was seen/m);
  });
});

describe('selfheal baseline', () => {
  it('is set by a person, shown, forgotten, and each change can be undone', async () => {
    expect(await print('baseline')).toContain('No baseline so far');
    expect((await run(['baseline', 'nothing', '--set', '--repo', root])).error).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('nothing'),
    });
    const set = await print('baseline', 'POST*', '--set', '--why', 'the new printer is slow', '--by', 'ada');
    expect(set).toMatch(/^set: POST \/orders\/label;/);
    expect(set).toMatch(/^POST \/orders\/label +92 ms +94 ms +94 ms +138 ms +50 % {2}400 calls of release v2 until 2026-05-04/m);
    expect(await json('baseline', '*label')).toMatchObject({
      baselines: [{ operation: 'POST /orders/label', p50: 92, slowFrom: 138, calls: 400 }],
    });
    const { changes } = await json<{ changes: { id: string; why: string }[] }>('learn', 'report');
    expect(changes).toMatchObject([{ why: 'the new printer is slow', kind: 'baseline' }]);
    expect(await print('baseline', '--reset')).toMatch(/^forgotten: POST \/orders\/label;/);
    expect((await run(['baseline', '--reset', '--repo', root])).error).toMatchObject({ code: 'INPUT_INVALID' });
    const forgotten = await json<{ changes: { id: string }[] }>('learn', 'report');
    await print('learn', 'undo', forgotten.changes[0]?.id ?? '', '--why', 'it was right');
    expect(await print('baseline')).toContain('138 ms');
  });

  it('shows what dismissals taught its detector', async () => {
    expect(await print('reject', 'an-slow-labels', '--why', 'printing is slow')).toBe(
      'dismissed an-slow-labels: its detector is less sensitive there from now on\n',
    );
    const text = await print('baseline');
    expect(text).toContain('slow-operations at POST /orders/label asks for 1.5 times its threshold: printing is slow');
    expect(text).toContain('207 ms');
  });
});

describe('selfheal reject', () => {
  it('of an anomaly that an incident stands for names the incident', async () => {
    const { root: other, anomaly } = await makeStoredService();
    const healing = await createSelfHealing({ repo: other });
    const incident = incidentFor(healing.project.id, anomaly);
    await healing.records.put('incident', incident);
    await healing.stop();
    const { error } = await run(['reject', anomaly.id, '--why', 'noise', '--repo', other]);
    expect(error).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining(`belongs to incident ${incident.id}`) });
    expect((await run(['show', anomaly.id, '--repo', other])).stdout).toContain(
      `incident ${incident.id} (open): selfheal show ${incident.id}`,
    );
  });
});

describe('before anything is stored', () => {
  it.each([
    [['anomalies'], 'No anomaly so far.\n'],
    [['telemetry', 'top'], 'no telemetry is stored so far\n'],
    [['telemetry', 'errors'], 'No error in the stored telemetry.\n'],
    [['slo'], expect.stringContaining('"slos"')],
  ])('%j says so', async (args, expected) => {
    const { root: empty } = await (await import('@selfheal/testkit')).makeOrdersRepository();
    expect((await run([...args, '--repo', empty])).stdout).toEqual(expected);
    const page = join(await mkdtemp(join(tmpdir(), 'selfheal-page-')), 'top.html');
    if (args[1] === 'top') await run([...args, '--repo', empty, '--html', page]);
    if (args[1] === 'top') expect(await readFile(page, 'utf8')).toContain('No operation was seen.');
  });
});

describe('a sparkline', () => {
  const points = (values: readonly number[]) => values.map((value, nth): [number, number] => [START + nth, value]);
  it.each([
    [[], [], '│'],
    [[0, 0], [0], '▁▁│▁'],
    [[0, 50], [100], '▁▅│█'],
    [[], [5], '│█'],
  ])('of %j and %j is %s', (before, after, expected) => {
    expect(sparkline({ measure: 'ms', before: points(before), after: points(after) })).toBe(expected);
  });

  it('draws many points by the largest of neighbours', () => {
    const many = Array.from({ length: 100 }, (_, nth) => (nth === 77 ? 10 : 1));
    const drawn = sparkline({ measure: 'ms', before: [], after: points(many) }, 40);
    expect(drawn).toHaveLength(21);
    expect(drawn).toContain('█');
  });
});

/** As a sweep opens it: its id is made of the project and the cause. */
function incidentFor(projectId: string, { id, fingerprint, title }: Anomaly): Incident {
  const digest = createHash('sha256')
    .update(JSON.stringify([projectId, fingerprint]))
    .digest('hex');
  return {
    id: `inc-${digest.slice(0, 12)}`,
    projectId,
    type: 'performance',
    fingerprint,
    title,
    status: 'open',
    severity: 'high',
    generation: 0,
    occurrences: 1,
    firstSeen: START,
    lastSeen: START,
    anomalyId: id,
    workflowId: 'w',
    createdAt: START,
    updatedAt: START,
  };
}
