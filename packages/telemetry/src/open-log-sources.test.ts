import { appendFileSync, copyFileSync, renameSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogRig } from '../test/log-rig.ts';

const line = (n: number): string => `{"level":30,"time":${1714557600000 + n},"msg":"line ${n}"}\n`;
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, index) => line(from + index)).join('');
const named = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

let rig: LogRig;
beforeEach(async () => {
  rig = await LogRig.open({ intake: { maxLineBytes: 65_536 } });
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('where it reads', () => {
  it('reads files, folders and globs, each file once', async () => {
    rig.write('logs/a.log', line(1));
    rig.write('logs/deep/b.ndjson', line(2));
    expect((await rig.texts(['logs', 'logs/*.log', 'logs/a.log'])).sort()).toEqual(['line 1', 'line 2']);
  });

  it('leaves out what is no log in a folder, and says so once', async () => {
    rig.write('logs/a.log', line(1));
    rig.write('logs/package.json', '{}');
    rig.write('logs/chart.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]));
    rig.write('logs/core', Buffer.from(Array.from({ length: 600 }, (_, index) => index % 7)));
    const { rejected, segments } = await rig.pull(['logs']);
    expect(segments.map((segment) => segment.path)).toEqual(['logs/a.log']);
    expect(rejected.map(({ path, code }) => [path, code]).sort()).toEqual([
      ['logs/chart.png', 'LOG_BINARY'],
      ['logs/core', 'LOG_BINARY'],
      ['logs/package.json', 'LOG_BINARY'],
    ]);
  });

  it('finds new files of a glob and of a folder', async () => {
    rig.write('logs/a.log', line(1));
    expect(await rig.texts(['logs/*.log'])).toEqual(['line 1']);
    rig.write('logs/b.log', line(2));
    expect(await rig.texts(['logs/*.log'])).toEqual(['line 2']);
    rig.write('logs/deep/c.log', line(3));
    expect(await rig.texts(['logs'])).toEqual(['line 3']);
  });

  it('fails for a path that is not there, and for globs that find nothing', async () => {
    await expect(rig.pull(['nowhere.log'])).rejects.toMatchObject({ code: 'LOG_MISSING', message: expect.stringContaining('nowhere.log') });
    await expect(rig.pull(['logs/*.log'])).rejects.toMatchObject({ code: 'LOG_MISSING' });
  });

  it('fails for a folder that holds no log, unless something else is found', async () => {
    rig.write('notes/readme.md', '# Notes');
    rig.write('a.log', line(1));
    await expect(rig.pull(['notes'])).rejects.toMatchObject({ code: 'LOG_MISSING', message: expect.stringContaining('notes') });
    expect(await rig.texts(['notes', 'a.log'])).toEqual(['line 1']);
  });

  it('fails for a named pipe that is named, rejects one that is met, and waits for none', async () => {
    rig.write('logs/a.log', line(1));
    await execa('mkfifo', [join(rig.root, 'logs/pipe')]);
    await expect(rig.pull(['logs/pipe'])).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
    const { segments } = await rig.pull(['logs']);
    expect(segments).toHaveLength(1);
  });

  it('reads a file that two names point to once', async () => {
    symlinkSync(rig.write('logs/a.log', line(1)), join(rig.root, 'logs/current.log'));
    expect(await rig.texts(['logs'])).toEqual(['line 1']);
  });

  it('takes an empty file for one without lines', async () => {
    rig.write('empty.log', '');
    expect(await rig.pull(['empty.log'])).toEqual({ segments: [], more: false, rejected: [], files: 1 });
  });

  it('rejects a binary file that is named, each time', async () => {
    rig.write('data.log', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100)]));
    for (const _ of [1, 2])
      expect((await rig.pull(['data.log'])).rejected).toMatchObject([{ path: 'data.log', code: 'LOG_BINARY', message: 'SQLite database' }]);
  });
});

describe('where it goes on', () => {
  it('goes on behind what was stored, over restarts, and reads what was not stored again', async () => {
    const path = rig.write('a.log', lines(0, 5));
    expect(await rig.texts(['a.log'])).toEqual(named(0, 5));
    expect(await rig.texts(['a.log'])).toEqual([]);
    appendFileSync(path, lines(5, 8));
    const lost = await rig.pull(['a.log']);
    rig.reopen();
    const again = await rig.pull(['a.log']);
    expect(again.segments).toEqual(lost.segments);
    expect(again.segments[0]).toMatchObject({ firstLine: 6, lines: 3 });
    expect(await rig.texts(['a.log'])).toEqual(named(5, 8));
  });

  it('gives a line the same id however it is cut into stretches', async () => {
    rig.write('a.log', lines(0, 40));
    const whole = await rig.sources.extract((await rig.pull(['a.log'])).segments, new AbortController().signal);
    const ids: string[] = [];
    for (let more = true; more; ) {
      const pulled = await rig.pull(['a.log'], 200);
      const { events } = await rig.sources.extract(pulled.segments, new AbortController().signal);
      ids.push(...events.map((event) => event.id));
      await rig.commit(pulled.segments);
      more = pulled.more;
    }
    expect(ids).toEqual(whole.events.map((event) => event.id));
  });

  it('reads no more than it was asked for, and says that there is more', async () => {
    for (const name of ['a.log', 'b.log']) rig.write(name, lines(0, 100));
    const { segments, more } = await rig.pull(['a.log', 'b.log'], 1_000);
    expect(segments.reduce((sum, segment) => sum + segment.bytes, 0)).toBeLessThan(1_100);
    expect(more).toBe(true);
  });

  it('does not cut a stack at the end of a stretch', async () => {
    const stack = `ERROR boom\nTypeError: no x\n${'    at f (/app/src/a.js:1:2)\n'.repeat(20)}`;
    rig.write('a.log', `${stack}INFO after\n`);
    const [event, ...others] = await rig.read(['a.log'], 30);
    expect(event?.error?.frames).toHaveLength(20);
    expect(others).toEqual([]);
  });

  it('leaves torn JSON at the end of a growing file for the next run, but loses no last line', async () => {
    const path = rig.write('a.log', `${line(0)}{"level":30,"msg":"li`);
    expect(await rig.texts(['a.log'])).toEqual(['line 0']);
    appendFileSync(path, 'ne 1"}');
    expect(await rig.texts(['a.log'])).toEqual(['line 1']);
    appendFileSync(path, `\n${line(2)}`);
    expect((await rig.read(['a.log'])).map(({ text, line: number }) => [text, number])).toEqual([['line 2', 3]]);
  });

  it('takes a last line of text without an end mark from a file that does not grow', async () => {
    rig.write('a.log', 'INFO one\nERROR - two');
    expect(await rig.texts(['a.log'])).toEqual(['one', 'two']);
  });

  it('takes even torn JSON at last, when nobody has finished it', async () => {
    const path = rig.write('a.log', `${line(0)}{"torn":`);
    utimesSync(path, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
    expect(await rig.texts(['a.log'])).toEqual(['line 0', '{"torn":']);
  });
});

describe('rotation', () => {
  it('reads rotated files oldest first', async () => {
    rig.write('logs/x.log.2.gz', gzipSync(lines(0, 2)));
    rig.write('logs/x.log.1', lines(2, 4));
    rig.write('logs/x.log', lines(4, 6));
    rig.write('logs/x.log.10', 'INFO oldest\n');
    expect(await rig.texts(['logs'])).toEqual(['oldest', ...named(0, 6)]);
  });

  it('follows a file that is renamed, reading its rest and the new one', async () => {
    const path = rig.write('x.log', lines(0, 3));
    await rig.read(['x.log']);
    appendFileSync(path, lines(3, 5));
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(5, 7));
    expect(await rig.texts(['x.log'])).toEqual(named(3, 7));
    expect(await rig.texts(['x.log'])).toEqual([]);
  });

  it('follows a file that is copied and truncated', async () => {
    const path = rig.write('x.log', lines(0, 3));
    await rig.read(['x.log']);
    appendFileSync(path, lines(3, 5));
    copyFileSync(path, `${path}.1`);
    expect(await rig.texts(['x.log'])).toEqual(named(3, 5));
    truncateSync(path);
    appendFileSync(path, lines(5, 7));
    expect(await rig.texts(['x.log'])).toEqual(named(5, 7));
    expect(await rig.texts(['x.log'])).toEqual([]);
  });

  it('knows a rotated file again when it was compressed', async () => {
    const path = rig.write('x.log', lines(0, 3));
    await rig.read(['.']);
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(3, 4));
    rig.write('x.log.2.gz', gzipSync(lines(0, 3)));
    renameSync(`${path}.1`, join(rig.root, 'gone'));
    expect(await rig.texts(['x.log'])).toEqual(named(3, 4));
  });

  it('does not read old rotations when one file is named for the first time', async () => {
    rig.write('x.log.1', lines(0, 2));
    rig.write('x.log', lines(2, 4));
    expect(await rig.texts(['x.log'])).toEqual(named(2, 4));
  });

  it('reads a file that was written anew from its start', async () => {
    const path = rig.write('x.log', lines(0, 5));
    await rig.read(['x.log']);
    writeFileSync(path, lines(7, 9));
    expect(await rig.texts(['x.log'])).toEqual(named(7, 9));
  });
});

describe('bad input', () => {
  it('keeps what can be read of a torn gzip file and says that it is torn', async () => {
    const whole = gzipSync(lines(0, 20_000));
    rig.write('x.log.gz', whole.subarray(0, Math.floor(whole.length * 0.7)));
    const { segments, rejected } = await rig.pull(['x.log.gz']);
    expect(rejected).toMatchObject([{ path: 'x.log.gz', code: 'LOG_TRUNCATED_GZIP' }]);
    expect(segments[0]?.lines).toBeGreaterThan(10_000);
  });

  it('stops a gzip file that inflates beyond reason', async () => {
    rig.write('bomb.log.gz', gzipSync(`${'x'.repeat(99)}\n`.repeat(300_000)));
    const { rejected } = await rig.pull(['bomb.log.gz'], 64_000_000);
    expect(rejected).toMatchObject([{ code: 'LOG_LIMIT', message: expect.stringContaining('maxInflateRatio') }]);
  });

  it('leaves out a line of 100 MB within bounded memory, and reads its neighbours', async () => {
    const path = rig.write('a.log', line(0));
    const block = Buffer.alloc(1_048_576, 'x');
    for (let megabyte = 0; megabyte < 100; megabyte += 1) appendFileSync(path, block);
    appendFileSync(path, `\n${line(1)}`);
    const before = process.memoryUsage.rss();
    const { segments, rejected } = await rig.pull(['a.log']);
    expect(process.memoryUsage.rss() - before).toBeLessThan(90_000_000);
    expect(rejected).toMatchObject([{ code: 'LOG_LIMIT', bytes: 104_857_601, offset: line(0).length }]);
    await rig.commit(segments);
    expect(await rig.texts(['a.log'])).toEqual(['line 1']);
  });

  it('reads on behind invalid JSON, blank lines and zero bytes', async () => {
    rig.write('a.log', `${line(0)}{"level":30,"msg":\n\n\r\n\0\0\0${line(1)}`);
    expect(await rig.texts(['a.log'])).toEqual(['line 0', '{"level":30,"msg":', 'line 1']);
  });

  it('reads a log that begins with the hole of a truncated sparse file', async () => {
    rig.write('a.log', Buffer.concat([Buffer.alloc(200_000), Buffer.from(line(1))]));
    expect(await rig.texts(['a.log'])).toEqual(['line 1']);
  });

  it.each([
    ['UTF-8 with a mark', (text: string) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['UTF-16LE with a mark', (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
    ['UTF-16LE without one', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16BE with a mark', (text: string) => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()])],
    ['UTF-16BE without one', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('reads %s, in stretches too', async (_, encode) => {
    const text = `INFO grüße Ċ one\r\n${lines(0, 30)}INFO 終わり\n`;
    const path = rig.write('a.log', encode(text));
    const expected = ['grüße Ċ one', ...named(0, 30), '終わり'];
    expect(await rig.texts(['a.log'], 100).then(async (first) => [...first, ...(await rig.texts(['a.log']))])).toEqual(expected);
    expect(await readFile(path)).toHaveLength(encode(text).length);
  });

  it('reads many small chunks of UTF-16 whose units straddle the chunks', async () => {
    rig.write('a.log', Buffer.from(`INFO ${'ab'.repeat(70_000)}Ċ\nINFO end\n`, 'utf16le'));
    const [first, second] = await (async () => {
      const wide = await LogRig.open();
      wide.write('a.log', Buffer.from(`INFO ${'ab'.repeat(200_000)}Ċ\nINFO end\n`, 'utf16le'));
      const texts = await wide.texts(['a.log']);
      await wide[Symbol.asyncDispose]();
      return texts;
    })();
    expect(first?.startsWith('ababab')).toBe(true);
    expect(second).toBe('end');
  });
});

describe('the journal', () => {
  it('holds no secret, and is gone once released', async () => {
    rig.write('a.log', '{"msg":"login","password":"hunter2"}\n');
    const { segments } = await rig.pull(['a.log']);
    const folder = join(rig.root, '.selfheal/journal/segments');
    const [file] = await readdir(folder);
    const content = await readFile(join(folder, file ?? ''), 'utf8');
    expect(content).toContain('<redacted:password:');
    expect(content).not.toContain('hunter2');
    expect(segments[0]?.redactions).toBe(1);
    await rig.sources.release(segments);
    expect(await readdir(folder)).toEqual([]);
    await expect(rig.sources.extract(segments, new AbortController().signal)).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
  });

  it('keeps the key of its placeholders over restarts', async () => {
    const placeholder = async (): Promise<string | undefined> => /<redacted:[^>]+>/.exec(JSON.stringify(await rig.read(['a.log'])))?.[0];
    const path = rig.write('a.log', '{"password":"hunter2","n":1}\n');
    const first = await placeholder();
    rig.reopen();
    appendFileSync(path, '{"password":"hunter2","n":2}\n');
    expect(first).toBeDefined();
    expect(await placeholder()).toBe(first);
  });

  it('removes what pulls that were never stored left behind', async () => {
    const stale = rig.write('.selfheal/journal/segments/old.journal', '{}\n');
    utimesSync(stale, 0, 0);
    rig.write('a.log', line(0));
    await rig.pull(['a.log']);
    expect(await readdir(join(rig.root, '.selfheal/journal/segments'))).toEqual([expect.not.stringContaining('old')]);
  });
});

describe('extract', () => {
  it('counts lines, formats and lines of no known format', async () => {
    rig.write('a.log', `${line(0)}ERROR - x\nlevel=info msg=a\nwhatever\n`);
    const { segments } = await rig.pull(['a.log']);
    expect(await rig.sources.extract(segments, new AbortController().signal)).toMatchObject({
      lines: 4,
      unparsed: 1,
      formats: { pino: 1, text: 1, logfmt: 1, plain: 1 },
    });
  });

  it('stops when it is cancelled', async () => {
    rig.write('a.log', lines(0, 5_000));
    const { segments } = await rig.pull(['a.log']);
    const signal = AbortSignal.abort();
    await expect(rig.sources.extract(segments, signal)).rejects.toThrow();
    await expect(rig.sources.pull({ projectId: 'q', paths: ['a.log'], maxBytes: 1e6, signal })).rejects.toThrow();
  });

  it('asks the readers of plugins', async () => {
    const own = await LogRig.open({}, [
      { name: 'ours', read: (text) => (text.startsWith('##') ? { text: text.slice(2), level: 'warn', fields: { a: 1 } } : undefined) },
    ]);
    own.write('a.log', '##hello\n');
    expect(await own.read(['a.log'])).toMatchObject([{ format: 'ours', text: 'hello', level: 'warn', fields: { a: 1 } }]);
    await own[Symbol.asyncDispose]();
  });
});

describe('a file that is being written', () => {
  it('leaves a record that may go on for the next run', async () => {
    const path = rig.write('a.log', 'INFO a\nERROR failed\nTypeError: no x\n    at f (/app/a.js:1:2)\n');
    const reading = rig.read(['a.log']);
    const grows = setInterval(() => appendFileSync(path, '    at g (/app/a.js:3:4)\n'), 20);
    const first = await reading;
    clearInterval(grows);
    expect(first.map((event) => event.text)).toEqual(['a']);
    const [whole, ...others] = await rig.read(['a.log']);
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ text: 'failed', line: 2, error: { type: 'TypeError' } });
    expect(whole?.error?.frames.length).toBeGreaterThan(2);
  });
});
