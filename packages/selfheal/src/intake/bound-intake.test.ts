import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReader, type Reader } from '../../test/intake/reader.ts';
import { boundIntake } from './bound-intake.ts';
import { appendToIntake, openIntake } from './intake.ts';

const LIMIT = 4_096;
let dataDir: string;
let reader: Reader;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'selfheal-intake-'));
  reader = await openReader(dataDir);
});
afterEach(async () => {
  await reader.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const bound = () => boundIntake({ dataDir, projectId: 'p', projectRoot: dataDir, records: reader.records }, LIMIT);
const path = () => join(dataDir, 'intake/host.ndjson');
const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ time: 1_790_000_000_000 + from + index, msg: `event ${from + index}` }));
const names = () => readdirSync(join(dataDir, 'intake')).filter((name) => name.startsWith('host'));

describe('the intake of a host', () => {
  it('loses what is stored, and only that', async () => {
    await appendToIntake(dataDir, events(0, 200));
    expect(await bound()).toBe(0);
    await reader.read([path()]);
    await appendToIntake(dataDir, events(200, 300));
    const size = statSync(path()).size;
    expect(await bound()).toBe(0);
    expect(names()).toEqual(['host.ndjson', 'host.ndjson.1']);
    await appendToIntake(dataDir, events(300, 400));
    expect(await bound()).toBe(0);
    await reader.read([path()]);
    expect(await bound()).toBeGreaterThanOrEqual(size);
    expect(names()).toEqual(['host.ndjson']);
    await appendToIntake(dataDir, events(400, 500));
    await reader.read([path()]);
    expect(await bound()).toBeGreaterThan(LIMIT);
    expect(await reader.texts()).toEqual(Array.from({ length: 500 }, (_, number) => `event ${number}`));
  });

  it('holds no secret of the events', async () => {
    const secret = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
    await appendToIntake(dataDir, [{ msg: 'pushed', token: secret }, `first line\nAuthorization: Bearer ${secret}`]);
    const written = readFileSync(path(), 'utf8');
    expect(written).not.toContain(secret);
    const lines = written.split('\n').filter((line) => line.trim() !== '');
    expect(lines).toEqual([expect.stringContaining('"pushed"'), 'first line', expect.stringContaining('Authorization: ')]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'pushed' });
  });

  it('is left alone while it is small, unread or not there', async () => {
    expect(await boundIntake({ dataDir: join(dataDir, 'none'), projectId: 'p', projectRoot: dataDir, records: reader.records }, 1)).toBe(0);
    await openIntake(dataDir);
    expect(await bound()).toBe(0);
    await appendToIntake(dataDir, events(0, 3));
    await reader.read([path()]);
    expect(await bound()).toBe(0);
    expect(names()).toEqual(['host.ndjson']);
  });

  it('is bounded after a kill that left both names to one file', async () => {
    await appendToIntake(dataDir, events(0, 200));
    await reader.read([path()]);
    linkSync(path(), `${path()}.1`);
    expect(await bound()).toBeGreaterThan(LIMIT);
    await appendToIntake(dataDir, events(200, 210));
    await reader.read([path()]);
    expect(await reader.texts()).toHaveLength(210);
  });

  it('knows a new file from the one before, though a host begins both alike', async () => {
    for (let round = 0; round < 4; round++) {
      await appendToIntake(
        dataDir,
        ['host started', ...events(round * 100, round * 100 + 100)].map((event) => event),
      );
      await reader.read([path()]);
      await bound();
      expect(existsSync(`${path()}.1`)).toBe(false);
    }
    expect(await reader.texts()).toHaveLength(404);
  });

  it('ends the half line of a writer that died', async () => {
    await appendToIntake(dataDir, events(0, 1));
    appendFileSync(path(), '{"msg":"half');
    await appendToIntake(dataDir, events(1, 2));
    expect(readFileSync(path(), 'utf8').trim().split('\n').slice(1)).toHaveLength(2);
    expect(readFileSync(path(), 'utf8')).toContain('half\n{');
  });

  it('loses no acknowledged event and doubles none when host and keeper are killed again and again', async () => {
    const acknowledged = new Set<number>();
    for (let round = 0; round < 5; round++) {
      const host = child('host.ts', String(round * 100_000));
      const keeper = child('keeper.ts');
      if (host.stdout === null || keeper.stdout === null) throw new Error('no output');
      createInterface({ input: host.stdout }).on('line', (line) => acknowledged.add(Number(line)));
      await once(keeper.stdout, 'data');
      await sleep(300 + Math.random() * 300);
      await Promise.all([host, keeper].map(kill));
    }
    let found = 1;
    while (found > 0) found = await reader.read([await openIntake(dataDir)]);
    const numbers = (await reader.texts()).flatMap((text) => /^event (\d+) x{200}$/.exec(text)?.[1] ?? []).map(Number);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect([...acknowledged].filter((number) => !numbers.includes(number))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(50);
    await bound();
    expect(names()).toEqual(['host.ndjson']);
    expect(statSync(path()).size).toBeLessThan(LIMIT);
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
