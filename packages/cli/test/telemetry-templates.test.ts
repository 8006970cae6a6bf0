import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.ts';
import { run } from './in-process.ts';

const LOG = ['alice', 'bob', 'carol', 'dave']
  .map((name, n) => `2024-05-01 10:00:0${n} INFO app.Mail: sent mail to ${name} in ${n}00 ms\n`)
  .join('');
const CSV = 'Id,Text\n1,"order 7, paid"\n2,"order 12, paid"\n3,order list shown\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfheal-templates-test-'));
  await writeFile(join(folder, 'a.log'), LOG);
  await writeFile(join(folder, 'a.csv'), CSV);
});

const templates = (...args: string[]) => run(['telemetry', 'templates', ...args]);

describe('telemetry templates', () => {
  it('prints the templates by how often they came', async () => {
    const { stdout, error } = await templates(join(folder, 'a.log'));
    expect([error, stdout]).toEqual([undefined, '4 lines, 1 template\n        4  sent mail to <*> in <*> ms\n']);
  });

  it('writes the template of each line as CSV, whole, in a folder that it makes', async () => {
    const out = join(folder, 'out/b');
    await templates(join(folder, 'a.log'), '--csv', join(out, 'a.csv'));
    const rows = (await readFile(join(out, 'a.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows[0]).toBe('LineId,EventId,EventTemplate');
    expect(rows.slice(1).map((row) => row.replace(/^(\d+),[0-9a-f]{12},/, '$1 '))).toEqual(
      [1, 2, 3, 4].map((line) => `${line} "sent mail to <*> in <*> ms"`),
    );
    expect(await readdir(out)).toEqual(['a.csv']);
  });

  it('reads the content column of CSV', async () => {
    const { stdout } = await templates(join(folder, 'a.csv'), '--content-column', 'Text', '--csv', '-');
    const rows = stdout.trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.slice(row.indexOf('"')))).toEqual(['"order <*>, paid"', '"order <*>, paid"', '"order list shown"']);
    expect(new Set(rows.map((row) => row.split(',')[1])).size).toBe(2);
  });

  it('reads several files, gzip too, and gives a template the same id in each', async () => {
    await writeFile(join(folder, 'b.log.gz'), gzipSync(LOG));
    const { stdout } = await templates(join(folder, 'a.log'), join(folder, 'b.log.gz'), '--csv', '-');
    const rows = stdout.trimEnd().split('\n').slice(1);
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(rows.map((row) => row.split(',')[1])).size).toBe(1);
  });

  it('reads standard input', async () => {
    const stdout = new PassThrough();
    const stdin = Readable.from([Buffer.from(LOG.slice(0, 100)), Buffer.from(LOG.slice(100))]);
    const program = createProgram({ signal: new AbortController().signal, env: {}, stdin, stdout, stderr: new PassThrough() });
    await program.parseAsync(['node', 'selfheal', 'telemetry', 'templates', '-']);
    expect(String(stdout.read())).toContain('4  sent mail to <*> in <*> ms');
  });

  it.each<[string, () => string[], string, RegExp]>([
    ['a file that is not there', () => ['absent.log'], 'LOG_UNREADABLE', /absent\.log/],
    [
      'a column that is not there',
      () => [join(folder, 'a.csv'), '--content-column', 'Content'],
      'INPUT_INVALID',
      /"Content".*"Id", "Text".*a\.csv/s,
    ],
  ])('says what is wrong with %s', async (_what, args, code, message) => {
    expect((await templates(...args())).error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('leaves no file where it failed', async () => {
    const out = join(folder, 'failed');
    await templates(join(folder, 'a.csv'), '--content-column', 'Content', '--csv', join(out, 'x.csv'));
    expect(await readdir(out)).toEqual([]);
  });
});
