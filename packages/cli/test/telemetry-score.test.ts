import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './in-process.ts';

const ROWS = 600;
const SPIKE = 500;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'score-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Five-minute rows that repeat every twelve, with one spike and one row without a value. */
const LINES = Array.from({ length: ROWS }, (_, row) => {
  const time = new Date(Date.UTC(2014, 1, 14) + row * 300_000).toISOString().slice(0, 19).replace('T', ' ');
  const value = row === SPIKE ? 900 : 50 + (row % 12) + ((row * 7919) % 101) / 50;
  return `${time},${row === 300 ? '' : value}`;
});
const TEXT = ['timestamp,value', ...LINES, ''].join('\n');

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('telemetry score', () => {
  it('writes a score behind each row, which stays as it came, and tells the alarms', async () => {
    const csv = join(folder, 'out', 'scores.csv');
    const { exitCode, stdout } = await run(['telemetry', 'score', await fileOf('cpu.csv', TEXT), '--csv', csv]);
    expect(exitCode).toBe(0);
    const [head, ...rows] = (await readFile(csv, 'utf8')).trimEnd().split('\n');
    expect(head).toBe('timestamp,value,anomaly_score');
    expect(rows.map((row) => row.slice(0, row.lastIndexOf(',')))).toEqual(LINES);
    const scores = rows.map((row) => Number(row.slice(row.lastIndexOf(',') + 1)));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(scores[SPIKE]).toBeGreaterThanOrEqual(0.5);
    expect(scores[300]).toBe(0);
    expect(stdout).toMatch(/^600 rows \(1 without a value\), \d+ with a score of 0\.5 or more$/m);
    expect(stdout).toMatch(/2014-02-15 17:40:00 {2}900, expected \d+/);
    expect(await readdir(join(folder, 'out'))).toEqual(['scores.csv']);
  });

  it('reads gzip, and gives the same each time', async () => {
    const part = ['timestamp,value', ...LINES.slice(0, 250), ''].join('\n');
    const [plain, packed] = [await fileOf('a.csv', part), await fileOf('a.csv.gz', gzipSync(part))];
    const first = await run(['telemetry', 'score', plain]);
    expect(first.stdout.split('\n')[0]).toBe('timestamp,value,anomaly_score');
    expect((await run(['telemetry', 'score', packed])).stdout).toBe(first.stdout);
  });

  it('names the line that is no row, and leaves no half file behind', async () => {
    const csv = join(folder, 'none', 'scores.csv');
    const { error } = await run(['telemetry', 'score', await fileOf('bad.csv', `${TEXT}soon,1\n`), '--csv', csv]);
    expect(error).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(/line 602: "soon,1".*bad\.csv/) });
    expect(await readdir(join(folder, 'none'))).toEqual([]);
  });

  it('says that a file is not there', async () => {
    expect((await run(['telemetry', 'score', join(folder, 'no.csv')])).error).toMatchObject({ code: 'LOG_UNREADABLE' });
  });
});
