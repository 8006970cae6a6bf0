import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DeliveredLine, sealLine } from '@selfheal/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReader, type Reader } from '../../test/intake/reader.ts';
import { Intake } from './intake.ts';
import { keepIntake } from './keep-intake.ts';

const SEGMENT = 4_096;
let dataDir: string;
let reader: Reader;
let intake: Intake;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'selfheal-intake-'));
  reader = await openReader(dataDir);
  intake = open();
});
afterEach(async () => {
  await intake.close();
  await reader.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const owner = () => ({ projectId: 'p', projectRoot: dataDir, records: reader.records });
const open = (maxBacklogBytes = 1e9) => new Intake({ dataDir, ...owner(), maxBacklogBytes, segmentBytes: SEGMENT });
const segments = () => readdirSync(join(dataDir, 'intake')).filter((name) => name.endsWith('.sealed'));
const pathOf = (name: string | undefined) => join(dataDir, 'intake', name ?? '');
const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ time: 1_790_000_000_000 + from + index, msg: `event ${from + index}` }));
const named = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `event ${from + index}`);
const line = (key: string | undefined, text: string): DeliveredLine => ({ key, bytes: Buffer.from(sealLine({ key, text })) });

describe('the intake', () => {
  it('begins a new segment when one is large enough, and loses what is stored, and only that', async () => {
    for (let from = 0; from < 400; from += 100) await intake.takeLines('host', events(from, from + 100));
    expect(segments().length).toBeGreaterThan(1);
    expect(await intake.tidy()).toBe(0);
    await reader.readAll();
    await intake.takeLines('host', events(400, 410));
    expect(await intake.tidy()).toBeGreaterThan(SEGMENT);
    expect(segments()).toHaveLength(1);
    await reader.readAll();
    expect(await keepIntake(dataDir, owner(), Date.now())).toBeGreaterThan(0);
    expect(segments()).toEqual([]);
    await intake.takeLines('host', events(410, 411));
    await reader.readAll();
    expect(await reader.texts()).toEqual(named(0, 411));
  });

  it('takes appends that come together in order, each whole', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => intake.takeLines('host', events(index * 3, index * 3 + 3))));
    await reader.readAll();
    expect(await reader.texts()).toEqual(named(0, 150));
  });

  it('holds no secret of the events, and keeps the lines of a stack apart', async () => {
    const secret = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
    await intake.takeLines('host', [{ msg: 'pushed', token: secret }, `first line\nAuthorization: Bearer ${secret}`]);
    const written = readFileSync(pathOf(segments()[0]), 'utf8');
    expect(written).not.toContain(secret);
    expect(written.split('\n').filter((entry) => entry !== '')).toHaveLength(3);
    await reader.readAll();
    expect((await reader.events())[0]).toMatchObject({ text: 'pushed', source: 'host' });
  });

  it('tells to wait when more waits to be read than may, and takes again when it was read', async () => {
    intake = open(6_000);
    await intake.takeLines('host', events(0, 80));
    await expect(intake.takeLines('host', events(80, 160))).rejects.toMatchObject({ code: 'INTAKE_FULL', retryable: true });
    await reader.readAll();
    await sleep(300);
    await intake.takeLines('host', events(80, 160));
    await reader.readAll();
    expect(await reader.texts()).toEqual(named(0, 160));
  });

  it('finds every flipped byte, keeps the lines around it, and sets the segment aside', async () => {
    await intake.takeLines('host', events(0, 3));
    const [name] = segments();
    const whole = readFileSync(pathOf(name));
    const second = whole.indexOf(10) + 1;
    const end = whole.indexOf(10, second);
    const flipped = Buffer.from(whole);
    flipped[second + 20] = (flipped[second + 20] ?? 0) ^ 1;
    writeFileSync(pathOf(name), flipped);
    await reader.readAll();
    expect(await reader.texts()).toEqual(['event 0', 'event 2']);
    expect(await reader.rejected()).toMatchObject([
      { code: 'LOG_CORRUPT', offset: second, bytes: end + 1 - second, path: `intake/${name}` },
    ]);
    await intake.tidy();
    expect(segments()).toEqual([]);
    expect(readFileSync(pathOf(name?.replace('.sealed', '.corrupt')))).toEqual(flipped);
  });

  it('takes nothing of half a line that a dead writer left, and removes it', async () => {
    await intake.takeLines('host', events(0, 2));
    appendFileSync(pathOf(segments()[0]), sealLine({ key: undefined, text: '{"msg":"half"}' }).slice(0, -5));
    await reader.readAll();
    await intake.close();
    await intake.tidy();
    expect(segments()).toEqual([]);
    expect(await reader.texts()).toEqual(named(0, 2));
    expect(await reader.rejected()).toEqual([]);
  });

  it('takes a delivery once, whether it comes again at once, later, after a restart, or after it was stored', async () => {
    const delivery = [line('a.0', '{"msg":"one"}'), line('a.1', '{"msg":"two"}')];
    await Promise.all([intake.takeDelivery('otlp', delivery), intake.takeDelivery('otlp', delivery)]);
    await intake.takeDelivery('otlp', delivery);
    await intake.close();
    intake = open();
    await intake.takeDelivery('otlp', delivery);
    await reader.readAll();
    await intake.tidy();
    expect(segments()).toEqual([]);
    await intake.takeDelivery('otlp', delivery);
    intake = open();
    await intake.takeDelivery('otlp', [...delivery, line('a.2', '{"msg":"three"}')]);
    await reader.readAll();
    expect(await reader.texts()).toEqual(['one', 'two', 'three']);
  });

  it('takes what has no key each time', async () => {
    for (const _ of [1, 2]) await intake.takeDelivery('otlp', [line(undefined, '{"msg":"same"}')]);
    await reader.readAll();
    expect(await reader.texts()).toEqual(['same', 'same']);
  });

  it('forgets keys and offsets of what was removed long ago', async () => {
    await intake.takeDelivery('otlp', [line('k.0', '{"msg":"old"}')]);
    await reader.readAll();
    await intake.tidy();
    expect(readdirSync(join(dataDir, 'intake')).filter((name) => name.endsWith('.keys'))).toHaveLength(1);
    expect(await reader.records.count('sourceOffset')).toBe(1);
    await keepIntake(dataDir, owner(), Date.now() + 30 * 24 * 3_600_000);
    expect(readdirSync(join(dataDir, 'intake')).filter((name) => name.endsWith('.keys'))).toEqual([]);
    expect(await reader.records.count('sourceOffset')).toBe(0);
  });

  it('loses no acknowledged event and doubles none when host and keeper are killed again and again', async () => {
    const acknowledged = new Set<number>();
    for (let round = 0; round < 5; round++) {
      const host = child('host.ts', String(round * 100_000));
      const keeper = child('keeper.ts');
      if (host.stdout === null || keeper.stdout === null) throw new Error('no output');
      createInterface({ input: host.stdout }).on('line', (text) => acknowledged.add(Number(text)));
      await once(keeper.stdout, 'data');
      await sleep(300 + Math.random() * 300);
      await Promise.all([host, keeper].map(kill));
    }
    await reader.readAll();
    const numbers = (await reader.texts()).flatMap((text) => /^event (\d+) x{200}$/.exec(text)?.[1] ?? []).map(Number);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect([...acknowledged].filter((number) => !numbers.includes(number))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(50);
    await intake.tidy();
    expect(segments()).toEqual([]);
  });
});

function child(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '../../test/intake', script), dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function kill(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) throw new Error(`it ended by itself with ${process.exitCode}`);
  const closed = once(process, 'close');
  process.kill('SIGKILL');
  await closed;
}
