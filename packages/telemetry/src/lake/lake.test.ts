import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { EventQuery } from '@selfheal/contracts';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { damage } from '../../test/lake/damage.ts';
import { event, failure } from '../../test/lake/sample-events.ts';
import { makeTemporaryLake, START, type TemporaryLake } from '../../test/lake/temporary-lake.ts';
import { literal } from './duckdb.ts';
import { openLake } from './open-lake.ts';

const DAY = 86_400_000;

let own: TemporaryLake;
beforeEach(async () => {
  own = await makeTemporaryLake();
});

describe('a batch', () => {
  it('gives back its events as they were, in order of time', async () => {
    const events = [
      event('s:300', { time: START + 5.25, line: 3, durationMs: 0.125, waitMs: 1e-7, values: { 'heap.mb': 12.5 } }),
      event('s:100', { time: START, line: 1, error: failure('boom', 'f1'), input: { qty: null, list: [1, 'two', { three: 3 }] } }),
      event('s:200', {
        time: START + 5.25,
        line: 2,
        text: 'NUL \u0000, lone \ud800, quote \' " \\, emoji \u{1F600}, bidi \u202e',
        operation: 'POST /orders/:id\u0000',
      }),
    ];
    const batch = await own.ingest('b1', events);
    expect(batch).toEqual({
      id: 'b1',
      projectId: 'p',
      file: 'p/2026-11-20/b1.parquet',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      events: 3,
      bytes: readFileSync(join(own.dir, 'p/2026-11-20/b1.parquet')).length,
      from: START,
      to: START + 5.25,
      createdAt: START,
      sources: [{ source: 'app.log', from: START, to: START + 5.25, events: 3 }],
    });
    expect(await own.lake.events({ projectId: 'p' })).toEqual([events[1], events[2], events[0]]);
  });

  it('gives back whatever JSON an event carries', async () => {
    let number = 0;
    const property = fc.asyncProperty(
      fc.array(
        fc.record({ output: fc.jsonValue(), text: fc.string({ unit: 'binary' }), time: fc.double({ noNaN: true, min: -1e15, max: 1e15 }) }),
        { minLength: 1, maxLength: 20 },
      ),
      async (parts) => {
        const projectId = `project/${++number}`;
        const events = parts.map((part, index) =>
          event(`s:${index}`, { ...part, output: JSON.parse(JSON.stringify(part.output)), line: index }),
        );
        await own.ingest(`batch ${number}`, events, projectId);
        const sorted = events.toSorted((a, b) => a.time - b.time || a.line - b.line);
        expect(await own.lake.events({ projectId })).toEqual(JSON.parse(JSON.stringify(sorted)));
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });

  it('gives of its events the fields that are asked for', async () => {
    await own.ingest('b1', [event('s:1', { operation: 'pay', input: { qty: 2 }, output: { ok: true }, variables: ['7'] })]);
    const [found, ...others] = await own.lake.events({ projectId: 'p', fields: ['id', 'operation', 'input'] });
    expect(others).toEqual([]);
    expect(found).toEqual({ id: 's:1', operation: 'pay', input: { qty: 2 } });
  });

  it('is read where it holds whole events beside few columns, as batches once did', async () => {
    const old = event('s:9', { operation: 'pay', variables: ['7'], traceId: 't' });
    const batch = await own.ingest('b1', [event('s:1')]);
    const path = join(own.dir, batch.file);
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(
      `copy (select '${old.id}' as id, ${old.time}::double as "time", '${old.source}' as source, ${old.line}::double as line, ${literal(JSON.stringify(old))} as body) to ${literal(path)} (format parquet)`,
    );
    connection.closeSync();
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    await own.store.records.put('batch', { ...batch, sha256, bytes: readFileSync(path).length });
    expect(await own.lake.events({ projectId: 'p' })).toEqual([old]);
    expect(await own.lake.events({ projectId: 'p', fields: ['id', 'traceId'] })).toEqual([{ id: 's:9', traceId: 't' }]);
  });

  it('is invisible before its catalogue row is there', async () => {
    const batch = await own.lake.write('p', 'b1', [event('s:1')]);
    expect(own.parquetFiles()).toHaveLength(1);
    expect(await own.ids()).toEqual([]);
    await own.store.records.put('batch', batch);
    expect(await own.ids()).toEqual(['s:1']);
  });

  it('is written once: again before and after its catalogue row, and by several writers at once', async () => {
    const events = Array.from({ length: 50 }, (_, index) => event(`s:${index}`, { line: index }));
    const batches = await Promise.all(Array.from({ length: 5 }, () => own.lake.write('p', 'b1', events)));
    const first = batches[0];
    expect(batches).toEqual(Array(5).fill(first));
    own.clock.now += 1000;
    const second = await openLake({ dir: own.dir, records: own.store.records });
    expect(await second.write('p', 'b1', events.toReversed())).toEqual({ ...first, createdAt: expect.any(Number) });
    await own.ingest('b1', events);
    own.clock.now += 1000;
    expect(await second.write('p', 'b1', events)).toEqual({ ...first, createdAt: START + 1000 });
    second.close();
    expect(await own.ids()).toHaveLength(50);
    expect(readdirSync(join(own.dir, 'p/2026-11-20'))).toEqual(['b1.parquet']);
  });

  it.each([
    ['torn', (file: string) => truncateSync(file, 100)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['of another content', (file: string) => writeFileSync(file, 'PAR1 not really PAR1')],
    ['damaged in the middle', (file: string) => damage(file)],
  ])('is written anew where a file of its name is %s', async (_what, spoil) => {
    const events = Array.from({ length: 500 }, (_, index) => event(`s:${index}`, { line: index, text: `line ${index * 7919}` }));
    const before = await own.lake.write('p', 'b1', events);
    spoil(join(own.dir, before.file));
    await own.ingest('b1', events);
    spoil(join(own.dir, before.file));
    await own.ingest('b1', events);
    expect(await own.ids()).toHaveLength(500);
    expect(own.quarantined).toEqual([]);
  });

  it('is written anew where a file of its name holds other events', async () => {
    await own.lake.write('p', 'b1', [event('s:1')]);
    await own.ingest('b1', [event('s:1'), event('s:2', { line: 2 })]);
    expect(await own.ids()).toEqual(['s:1', 's:2']);
  });

  it('may be empty', async () => {
    expect(await own.ingest('b1', [])).toMatchObject({ events: 0, from: 0, to: 0, file: 'p/1970-01-01/b1.parquet' });
    expect(await own.ids()).toEqual([]);
  });

  it('stays inside the lake whatever the ids are, and keeps projects apart', async () => {
    const names = ['../../outside', '.', '..', 'a/b', 'with * and [x]', 'ünïcode', 'x'.repeat(150)];
    for (const name of names) await own.ingest(`batch ${name}`, [event(`s:${name}`)], name);
    for (const name of names) expect((await own.lake.events({ projectId: name })).map((each) => each.id)).toEqual([`s:${name}`]);
    expect(own.parquetFiles()).toHaveLength(names.length);
    expect(readdirSync(own.folder).sort()).toEqual(['data', "lake [1] o'clock"]);
    await expect(own.lake.write('', 'b', [])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(own.lake.write('p', 'x'.repeat(300), [])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(own.lake.write('p', 'batch a/b', [event('s:1')])).rejects.toThrow('belongs to project a/b');
  });

  it('refuses a time that is none, naming the event', async () => {
    await expect(own.lake.write('p', 'b', [event('s:1', { time: Number.NaN })])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('s:1'),
    });
    expect((await own.ingest('far', [event('s:1', { time: 9e15 })])).file).toBe('p/undated/far.parquet');
  });
});

describe('a query', () => {
  beforeEach(async () => {
    await own.ingest('b1', [
      event('s:1', {
        time: START,
        line: 1,
        operation: 'GET /a',
        handler: 'getA',
        release: '1.0',
        kind: 'request',
        flowId: 'f1',
        step: 'load',
      }),
      event('s:2', { time: START + 10, line: 2, operation: 'GET /b', release: '1.0', error: failure('x', 'e1'), flowId: 'f1' }),
    ]);
    await own.ingest('b2', [
      event('s:3', {
        time: START + DAY,
        line: 3,
        operation: 'GET /a',
        handler: 'getA',
        release: '1.1',
        kind: 'beat',
        flowId: 'f2',
        step: 'save',
      }),
      event('s:4', { time: START + DAY + 0.5, line: 4, kind: 'log', release: '1.1', error: failure('y', 'e2') }),
    ]);
    await own.ingest('b3', [event('s:5', { time: START, line: 5 })], 'other');
  });

  it.each<[string, Partial<EventQuery>, string[]]>([
    ['everything of a project', {}, ['s:1', 's:2', 's:3', 's:4']],
    ['newest first', { order: 'desc' }, ['s:4', 's:3', 's:2', 's:1']],
    ['a limit', { order: 'desc', limit: 3 }, ['s:4', 's:3', 's:2']],
    ['from, inclusive', { from: START + DAY }, ['s:3', 's:4']],
    ['to, exclusive', { to: START + DAY }, ['s:1', 's:2']],
    ['a range between two batches', { from: START + 11, to: START + DAY }, []],
    ['a range of fractions', { from: START + DAY + 0.25, to: START + DAY + 0.75 }, ['s:4']],
    ['ids', { ids: ['s:2', 's:4', 'none'] }, ['s:2', 's:4']],
    ['no ids', { ids: [] }, []],
    ['operation', { operation: 'GET /a' }, ['s:1', 's:3']],
    ['handler and release', { handler: 'getA', release: '1.1' }, ['s:3']],
    ['error fingerprint', { errorFingerprint: 'e2' }, ['s:4']],
    ['flows', { flowIds: ['f1'] }, ['s:1', 's:2']],
    ['kinds', { kinds: ['request', 'beat'] }, ['s:1', 's:3']],
    ['steps of flows', { steps: true }, ['s:1', 's:3']],
    ['hostile text', { operation: "x' or 1=1; drop table batch; --" }, []],
  ])('finds %s', async (_what, query, expected) => {
    expect(await own.ids(query)).toEqual(expected);
  });

  it('opens only batches of its time range', async () => {
    const [later] = await own.store.records.list('batch', { where: { id: 'b2' } });
    rmSync(join(own.dir, later?.file ?? ''));
    expect(await own.ids({ to: START + 100 })).toEqual(['s:1', 's:2']);
    expect(own.quarantined).toEqual([]);
  });

  it('names its memory limit where that does not do', async () => {
    const small = await openLake({ dir: own.dir, records: own.store.records, memoryLimitMb: 16 });
    const events = Array.from({ length: 3000 }, (_, index) => event(`s:${index}`, { line: index, text: String(index).repeat(1000) }));
    await own.store.records.put('batch', await small.write('big', 'big', events));
    await expect(small.events({ projectId: 'big' })).rejects.toMatchObject({
      code: 'LOG_LIMIT',
      message: expect.stringContaining('16 MB'),
    });
    small.close();
  });

  it('spills to a folder of its own, which goes with it, and removes those of dead processes', async () => {
    const abandoned = join(own.dir, '.spill', '1-dead');
    mkdirSync(abandoned);
    utimesSync(abandoned, 1, 1);
    const second = await openLake({ dir: own.dir, records: own.store.records });
    expect(readdirSync(join(own.dir, '.spill'))).toHaveLength(2);
    second.close();
    expect(readdirSync(join(own.dir, '.spill'))).toHaveLength(1);
  });

  it('runs beside others', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => own.ids({ limit: (index % 4) + 1 })));
    expect(answers.map((answer) => answer.length)).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
  });
});
