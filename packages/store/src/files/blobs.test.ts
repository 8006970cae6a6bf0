import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRef, type Ref } from '@selfheal/contracts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBlobs, type FileBlobs } from './blobs.ts';

let dir: string;
let blobs: FileBlobs;
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'selfheal-blobs-')), 'blobs');
  blobs = createBlobs({ dir });
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

const fileOf = (ref: Ref): string => join(dir, ref.$ref.slice(7, 9), `${ref.$ref.slice(7)}.json`);
const files = (): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

describe('blobs', () => {
  it('give back any JSON value, small and large', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const ref = await blobs.put(value);
        expect(isRef(ref)).toBe(true);
        expect(await blobs.get(ref)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 60 },
    );
    const large = Array.from({ length: 5000 }, (_, index) => ({ index, text: `row ${index} – é \u{1F600}` }));
    const ref = await blobs.put(large);
    expect(await blobs.get(ref)).toEqual(large);
    expect(ref.bytes).toBe(Buffer.byteLength(JSON.stringify(large)));
    expect(statSync(fileOf(ref)).size).toBeLessThan(ref.bytes / 4);
  });

  it('store equal values once, readable by people while small', async () => {
    const first = await blobs.put({ a: 1 });
    expect(await blobs.put({ a: 1 })).toEqual(first);
    expect(files()).toHaveLength(1);
    expect(readFileSync(fileOf(first), 'utf8')).toBe('{"a":1}');
    expect(await createBlobs({ dir }).get(first)).toEqual({ a: 1 });
  });

  it('hold up when the same value is put many times at once', async () => {
    const refs = await Promise.all(Array.from({ length: 20 }, () => blobs.put('x'.repeat(100_000))));
    expect(new Set(refs.map((ref) => ref.$ref)).size).toBe(1);
    expect(files()).toHaveLength(1);
  });

  it('name the file that is missing, torn or changed, and mend it when the value is put again', async () => {
    const value = { text: 'x'.repeat(200_000) };
    const ref = await blobs.put(value);
    truncateSync(fileOf(ref), 20);
    await expect(blobs.get(ref)).rejects.toMatchObject({ code: 'REFERENCE_MISSING', message: expect.stringContaining(fileOf(ref)) });
    writeFileSync(fileOf(ref), '{"text":"forged"}');
    await expect(blobs.get(ref)).rejects.toThrow('its content has another hash');
    rmSync(fileOf(ref));
    await expect(blobs.get(ref)).rejects.toThrow('the file is gone');
    await blobs.put(value);
    truncateSync(fileOf(ref), 20);
    await blobs.put(value);
    expect(await blobs.get(ref)).toEqual(value);
  });

  it('refuse what is not JSON, and references that are none', async () => {
    await expect(blobs.put(undefined)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(blobs.put(() => 1)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(blobs.put({ big: 1n })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    await expect(blobs.put(circle)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(blobs.get({ $ref: 'sha256-../../../etc/passwd', bytes: 1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('are swept once nobody put them for long enough', async () => {
    expect(await blobs.sweep({ olderThanMs: 0 })).toEqual({ removed: 0, bytes: 0 });
    const old = await blobs.put('old');
    const again = await blobs.put('put again');
    const fresh = await blobs.put('fresh');
    const leftover = `${fileOf(old)}.1-abc.tmp`;
    writeFileSync(leftover, 'half');
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const file of [fileOf(old), fileOf(again), leftover]) utimesSync(file, longAgo, longAgo);
    await blobs.put('put again');
    expect(await blobs.sweep({ olderThanMs: 60_000 })).toEqual({ removed: 2, bytes: 9 });
    await expect(blobs.get(old)).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
    expect(await blobs.get(again)).toBe('put again');
    expect(await blobs.get(fresh)).toBe('fresh');
    expect(files()).toHaveLength(2);
  });

  it('are kept by a sweep while something refers to them', async () => {
    const refs = [await blobs.put('one'), await blobs.put('two')];
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const ref of refs) utimesSync(fileOf(ref), longAgo, longAgo);
    const [kept, gone] = refs;
    if (kept === undefined || gone === undefined) throw new Error('two values were put');
    expect(await blobs.sweep({ olderThanMs: 60_000, keep: new Set([kept.$ref]) })).toMatchObject({ removed: 1 });
    expect(await blobs.get(kept)).toBe('one');
    await expect(blobs.get(gone)).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
    const stopped = blobs.sweep({ olderThanMs: 0, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow(/abort/);
    expect(await blobs.get(kept)).toBe('one');
  });

  it('are found again where a sweep was killed between its two looks', async () => {
    const kept = await blobs.put('kept');
    const old = await blobs.put('old');
    for (const ref of [kept, old]) renameSync(fileOf(ref), `${fileOf(ref)}.77.swept`);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(`${fileOf(old)}.77.swept`, longAgo, longAgo);
    expect(await blobs.sweep({ olderThanMs: 60_000 })).toMatchObject({ removed: 1 });
    expect(await blobs.get(kept)).toBe('kept');
    expect(files()).toHaveLength(1);
    const many = Array.from({ length: 4 }, () => blobs.sweep({ olderThanMs: 0, now: Date.now() + 1000 }));
    expect((await Promise.all(many)).reduce((sum, { removed }) => sum + removed, 0)).toBe(1);
  });
});
