import type { AnomalyType, TelemetryEvent } from '@selfheal/contracts';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { failures, requests, runs } from './testing/events.ts';
import { type Facts, storeFacts } from './testing/facts.ts';
import { load } from './testing/ship.ts';
import { CART, DEPLOYED_AT, PROJECT, ShippingRig } from './testing/shipping-rig.ts';
import { verifyDeployment } from './verifyDeployment.ts';

const BEFORE = DEPLOYED_AT - 60_000;
const AFTER = DEPLOYED_AT + 2_000;
const WINDOW_END = DEPLOYED_AT + 60_000;

let rig: ShippingRig;
let facts: Facts;
let fixed: string;
let faulty: string;
let deploymentId: string;

async function prepare(type: AnomalyType = 'error', signal?: AbortSignal): Promise<void> {
  rig = await ShippingRig.create({ ci: 'true', verify: { minimumTraffic: 20, windowMs: 60_000, pollMs: 5 } }, signal);
  const own = rig;
  onTestFinished(() => own[Symbol.asyncDispose]());
  facts = await storeFacts(rig, type);
  faulty = facts.patch.base.slice(0, 12);
  ({ deploymentId } = await load(rig, facts));
  await rig.write('src/cart.js', CART.replace('items[0]', 'items?.[0]'));
  fixed = await rig.commitAll('Merge the fix');
}

const verify = async (parts: { deployed?: boolean } = {}) => {
  const { deployed = true } = parts;
  const deploy = { deployed, key: 'k', output: deployed ? '' : 'no deploy command is set', at: DEPLOYED_AT, durationMs: 1 };
  const merge = { merged: true, mergeCommit: fixed, treeUpdated: true };
  const { incident, diagnosis, patch } = facts;
  return (await verifyDeployment({ projectId: PROJECT, deploymentId, incident, diagnosis, patch, merge, deploy }, rig.ports)).verification;
};
const atEnd = () => {
  rig.now = WINDOW_END;
};
const ingest = (...events: TelemetryEvent[][]) => rig.ingest(events.flat());

describe('an error', () => {
  beforeEach(() => prepare());

  test('is healed when enough calls of releases with the fix are free of it, before the window ends', async () => {
    await ingest(
      requests(30, BEFORE, { release: faulty }),
      failures(10, BEFORE + 50, { release: faulty }),
      requests(25, AFTER, { release: fixed.slice(0, 12) }),
    );
    rig.now = AFTER + 5_000;
    expect(await verify()).toMatchObject({
      verdict: 'verified',
      traffic: 25,
      recurrences: 0,
      before: { calls: 40, errors: 10, rate: 0.25 },
      after: { calls: 25, errors: 0, rate: 0 },
      from: DEPLOYED_AT,
      to: AFTER + 5_000,
    });
    expect(await rig.ports.records.need('deployment', deploymentId)).toMatchObject({ status: 'verified', verification: { traffic: 25 } });
  });

  test('waits while the traffic could be luck, and takes what comes meanwhile', async () => {
    await ingest(
      requests(39, BEFORE, { release: faulty }),
      failures(1, BEFORE, { release: faulty }),
      requests(25, AFTER, { release: fixed }),
    );
    rig.now = AFTER + 3_000;
    let looks = 0;
    rig.onHeartbeat = async () => {
      looks += 1;
      if (looks === 2) await ingest(requests(300, AFTER + 3_000, { release: fixed }));
      if (looks === 3) rig.now = AFTER + 40_000;
    };
    expect(await verify()).toMatchObject({ verdict: 'verified', traffic: 325 });
    expect(looks).toBeGreaterThan(2);
  });

  test('has failed when it came back with the fix', async () => {
    await ingest(
      requests(30, BEFORE, { release: faulty }),
      requests(30, AFTER, { release: fixed }),
      failures(2, AFTER, { release: fixed }),
    );
    rig.now = AFTER + 4_000;
    const verification = await verify();
    expect(verification).toMatchObject({ verdict: 'failed', recurrences: 2, traffic: 32 });
    expect(verification.detail).toBe('the error came back 2 times in 32 calls of GET /cart with the fix');
    expect((await rig.ports.records.need('deployment', deploymentId)).status).toBe('failed');
  });

  test('does not count what the old release still throws', async () => {
    await ingest(
      failures(30, BEFORE, { release: faulty }),
      requests(30, AFTER, { release: fixed }),
      failures(9, AFTER, { release: faulty }),
    );
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'verified', recurrences: 0, traffic: 30 });
  });

  test('has no verdict with too little traffic: neither pass nor fail', async () => {
    await ingest(failures(30, BEFORE, { release: faulty }), requests(5, AFTER, { release: fixed }));
    atEnd();
    const verification = await verify();
    expect(verification).toMatchObject({ verdict: 'inconclusive', traffic: 5 });
    expect(verification.detail).toBe('only 5 of 20 calls were seen at or after the fix, too few for a verdict');
    expect((await rig.ports.records.need('deployment', deploymentId)).status).toBe('inconclusive');
  });

  test('goes by time where no release is named, after the moment of the restart', async () => {
    await ingest(requests(20, BEFORE), failures(20, BEFORE + 5), failures(3, DEPLOYED_AT + 100), requests(40, AFTER));
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'verified', traffic: 40 });
  });

  test('goes by new names where names mean nothing to git', async () => {
    await ingest(requests(20, BEFORE, { release: 'build-7' }), failures(20, BEFORE + 5, { release: 'build-7' }));
    await ingest(requests(40, AFTER, { release: 'build-8' }), failures(3, AFTER, { release: 'build-7' }));
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'verified', traffic: 40 });
  });

  test('where the release keeps its name, silence heals and recurrence says nothing', async () => {
    await ingest(failures(30, BEFORE, { release: faulty }), requests(40, AFTER, { release: faulty }));
    atEnd();
    expect((await verify()).detail).toContain(`(the release is still called ${faulty})`);
    await prepare();
    await ingest(
      failures(30, BEFORE, { release: faulty }),
      requests(40, AFTER, { release: faulty }),
      failures(3, AFTER, { release: faulty }),
    );
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'inconclusive', detail: expect.stringContaining('which lacks the fix') });
  });

  test('is judged by all traffic where its operation logs nothing but errors', async () => {
    await ingest(failures(20, BEFORE, { release: faulty }), requests(60, AFTER, { release: fixed, operation: 'GET /other' }));
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'verified', traffic: 60 });
  });

  test('a new error in the changed code is a failed fix, an old one or one elsewhere is not', async () => {
    const elsewhere = {
      error: { type: 'E', message: 'm', normalisedMessage: 'm', frames: [{ file: 'src/x.js', line: 1, inApp: true }], fingerprint: 'fp-x' },
    };
    await ingest(failures(20, BEFORE), requests(20, BEFORE), failures(1, BEFORE, {}, 'fp-known'));
    await ingest(requests(60, AFTER), failures(1, AFTER, {}, 'fp-known'), failures(1, AFTER, elsewhere));
    atEnd();
    expect((await verify()).verdict).toBe('verified');
    await prepare();
    await ingest(failures(20, BEFORE), requests(20, BEFORE), requests(60, AFTER), failures(1, AFTER, {}, 'fp-new'));
    atEnd();
    expect(await verify()).toMatchObject({
      verdict: 'failed',
      detail: expect.stringContaining('a new error in the changed code: TypeError'),
    });
  });

  test('a verdict that stands is not sought again', async () => {
    await ingest(failures(30, BEFORE), requests(30, AFTER));
    atEnd();
    const first = await verify();
    await ingest(failures(3, AFTER + 5_000));
    expect(await verify()).toEqual(first);
  });

  test('was never deployed, so production cannot tell', async () => {
    expect(await verify({ deployed: false })).toMatchObject({
      verdict: 'inconclusive',
      detail: 'not deployed (no deploy command is set), so production cannot tell',
    });
    expect((await rig.ports.records.need('deployment', deploymentId)).status).toBe('merged');
  });
});

test('stops waiting when it is cancelled', async () => {
  const cancel = new AbortController();
  await prepare('error', cancel.signal);
  rig.onHeartbeat = () => cancel.abort();
  await expect(verify()).rejects.toMatchObject({ code: 'CANCELLED' });
});

describe('a slow operation', () => {
  beforeEach(() => prepare('performance'));
  const noise = (around: number) => (at: number) => around + ((at * 7_919) % 13) - 6;

  test('is healed when its calls became faster', async () => {
    await ingest(requests(80, BEFORE, { durations: noise(50) }), requests(60, AFTER, { durations: noise(12) }));
    rig.now = AFTER + 20_000;
    const verification = await verify();
    expect(verification).toMatchObject({ verdict: 'verified', traffic: 60, before: { points: 80 }, after: { points: 60 } });
    expect(verification.pValue).toBeLessThan(0.001);
    expect(verification.detail).toMatch(/^GET \/cart became faster: p50 \d+ ms → \d+ ms/);
  });

  test('is healed when only its slow calls went away', async () => {
    const tail = (at: number) => (at % 5 === 0 ? 200 : 10);
    await ingest(requests(100, BEFORE, { durations: tail }), requests(100, AFTER, { durations: () => 10 }));
    atEnd();
    expect((await verify()).verdict).toBe('verified');
  });

  test('has failed where nothing became better over enough calls', async () => {
    await ingest(requests(80, BEFORE, { durations: noise(50) }), requests(60, AFTER, { durations: noise(50) }));
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'failed', detail: expect.stringContaining('did not become faster') });
  });

  test.each([
    [80, 30, 'only 30 of 50 calls of GET /cart were seen at or after the fix, too few for a verdict'],
    [30, 80, 'only 30 calls of GET /cart before the fix are known, 50 are needed to compare'],
  ])('has no verdict with %i points before and %i after', async (then, now, said) => {
    await ingest(requests(then, BEFORE, { durations: noise(50) }), requests(now, AFTER, { durations: noise(10) }));
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'inconclusive', detail: said });
  });

  test('has failed where calls became faster by failing', async () => {
    await ingest(requests(80, BEFORE, { durations: noise(50) }), requests(60, AFTER, { durations: noise(12) }));
    await ingest(failures(20, AFTER, { error: { type: 'E', message: '', normalisedMessage: '', frames: [], fingerprint: 'fp-other' } }));
    atEnd();
    expect(await verify()).toMatchObject({
      verdict: 'failed',
      detail: expect.stringContaining('the error rate of GET /cart rose from 0 % to 25 %'),
    });
  });
});

describe('a flow', () => {
  beforeEach(() => prepare('behavioral'));
  const RIGHT = ['reserve', 'charge', 'ship'];
  const WRONG = ['charge', 'reserve', 'ship'];

  test('is healed when its runs conform', async () => {
    await ingest(runs(30, BEFORE, WRONG), runs(25, AFTER, RIGHT));
    rig.now = AFTER + 40_000;
    expect(await verify()).toMatchObject({ verdict: 'verified', traffic: 25, recurrences: 0, before: { conforming: 0, runs: 30 } });
  });

  test('has failed when runs still deviate', async () => {
    await ingest(runs(30, BEFORE, WRONG), runs(20, AFTER, RIGHT), runs(5, AFTER + 25_000, WRONG));
    rig.now = AFTER + 40_000;
    expect(await verify()).toMatchObject({ verdict: 'failed', recurrences: 5, traffic: 25 });
  });

  test('has no verdict with few runs', async () => {
    await ingest(runs(30, BEFORE, WRONG), runs(4, AFTER, RIGHT));
    atEnd();
    expect(await verify()).toMatchObject({ verdict: 'inconclusive', traffic: 4 });
  });
});

describe('a test gap', () => {
  beforeEach(() => prepare('coverage'));

  test('is closed when the merged tests run its lines, without any traffic', async () => {
    await rig.write(
      'test/total.test.js',
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { total } from '../src/cart.js';\ntest('total', () => assert.equal(total({ items: [{ price: 2 }] }), 2));\n",
    );
    fixed = await rig.commitAll('Test it');
    expect(await verify({ deployed: false })).toMatchObject({ verdict: 'verified', after: { coveredLines: expect.any(Number) } });
  });

  test('has failed when they run none', async () => {
    expect(await verify({ deployed: false })).toMatchObject({ verdict: 'failed', after: { coveredLines: 0 } });
  });
});
