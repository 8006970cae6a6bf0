import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReader, type Reader } from '../../test/intake/reader.ts';
import { type BeatLog, createBeatLog } from './beat-log.ts';

let folder: string;
let file: string;
let reader: Reader;
let log: BeatLog;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-beats-'));
  file = join(folder, 'beats.ndjson');
  reader = await openReader(join(folder, 'data'));
  log = createBeatLog({ file, records: reader.records, release: '1.0.0', maxBytes: 4_096, files: 50 });
});
afterEach(async () => {
  await log.close();
  await reader.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Its stack is as long wherever the tests run: the size of a line decides when the file is rotated. */
function failure(number: number): TypeError {
  const error = new TypeError(`no ${number}`);
  error.stack = `TypeError: no ${number}\n    at label (/app/src/label.js:1:1)`;
  return error;
}

function observe(from: number, to: number): void {
  for (let number = from; number < to; number++) {
    const call = { projectId: 'p', sequence: 'fix.generate', movement: 'm', beat: `beat-${number}`, ordinal: 1 };
    const failed = number % 10 === 9 ? { error: failure(number) } : {};
    const startedAt = Date.UTC(2026, 0, 1) + number * 1000;
    log.observe({ call, handler: 'h', workflowId: `w${number}`, attempt: 1, startedAt, durationMs: 5, input: {}, ...failed });
  }
}
const files = () => readdirSync(folder).filter((name) => name.startsWith('beats.ndjson'));
const lines = () => files().reduce((sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1, 0);

describe('the beat log', () => {
  it('is read by our own parser across its rotations, each line once', async () => {
    observe(0, 10);
    await expect.poll(lines).toBe(10);
    expect(await reader.read([file])).toBe(10);
    observe(10, 90);
    await log.close();
    expect(lines()).toBe(90);
    expect(files().length).toBeGreaterThan(3);
    expect(await reader.records.list('beatRun')).toHaveLength(90);
    let read = 0;
    for (let found = 1; found > 0; read += found) found = await reader.read([file]);
    expect(read).toBe(80);
    expect(await reader.texts()).toHaveLength(90);
  });

  it('is read whole, rotated files too, by one who comes late', async () => {
    observe(0, 60);
    await log.close();
    let read = 0;
    for (let found = 1; found > 0; read += found) found = await reader.read([`${file}*`]);
    expect(read).toBe(60);
  });
});
