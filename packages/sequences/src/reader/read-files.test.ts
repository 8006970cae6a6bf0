import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { own } from '../testing/sequence-rig.ts';
import { readSequenceFile, readSequenceFolder } from './read-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sequences-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const sequence = (id: string) => ({ ...own([{ handler: 'a' }]), id });
const GOOD = JSON.stringify(sequence('x'));

describe('readSequenceFile', () => {
  test.each([
    ['UTF-8', Buffer.from(GOOD)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${GOOD}`)],
    ['UTF-16LE with a mark', Buffer.from(`\uFEFF${GOOD}`, 'utf16le')],
    ['UTF-16LE without a mark', Buffer.from(GOOD, 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from(`\uFEFF${GOOD}`, 'utf16le').swap16()],
    ['UTF-16BE without a mark', Buffer.from(GOOD, 'utf16le').swap16()],
  ])('%s', async (_name, bytes) => {
    const path = await put('x.json', bytes);
    expect(await readSequenceFile(path)).toMatchObject({ plan: { id: 'x', source: path }, diagnostics: [], text: GOOD });
  });

  test('bytes that are no text, and a file that is not there, are findings', async () => {
    expect(await readSequenceFile(await put('x.json', Buffer.from([0x7b, 0xff, 0xfe, 0x80])))).toMatchObject({
      diagnostics: [{ severity: 'error', code: 'ENCODING' }],
    });
    expect(await readSequenceFile(join(folder, 'gone.json'))).toMatchObject({
      diagnostics: [{ code: 'FILE_UNREADABLE', message: expect.stringContaining('ENOENT') }],
    });
  });

  test('an empty file says so', async () => {
    expect(await readSequenceFile(await put('x.json', ''))).toMatchObject({
      diagnostics: [{ code: 'JSON_SYNTAX', message: 'the document is empty' }],
    });
  });
});

describe('readSequenceFolder', () => {
  test('follows the index, in its order, and says what is wrong with it', async () => {
    await put('one.json', sequence('one'));
    await put('two.json', sequence('two'));
    await put('unlisted.json', sequence('unlisted'));
    await put('../outside.json', '{}').then((path) => rm(path));
    const index = await put('index.json', {
      sequences: [
        { file: 'two.json', id: 'two' },
        { file: '.\\one.json', handlersPath: 'src\\one.ts', id: 'first' },
        { file: 'on.json' },
        { file: '../../etc/passwd' },
        { id: 'x' },
      ],
    });
    const { plans, diagnostics } = await readSequenceFolder(folder);
    expect(plans.map(({ id }) => id)).toEqual(['two', 'one']);
    expect(diagnostics.map(({ severity, code, file, path, nearest }) => [severity, code, file === index, path, nearest])).toEqual([
      ['error', 'FILE_UNREADABLE', true, 'sequences[2].file', 'one.json'],
      ['error', 'FILE_UNREADABLE', true, 'sequences[3].file', undefined],
      ['error', 'PROPERTY_MISSING', true, 'sequences[4]', undefined],
      ['info', 'ASSUMED', true, 'sequences[1].file', undefined],
    ]);
  });

  test('a link that leads out of the folder is not followed', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'x.json'), GOOD);
    await symlink(join(outside, 'x.json'), join(folder, 'x.json'));
    await put('index.json', { sequences: [{ file: 'x.json' }] });
    expect(await readSequenceFolder(folder)).toMatchObject({
      plans: [],
      diagnostics: [{ message: expect.stringContaining('outside the folder') }],
    });
    await rm(outside, { recursive: true });
  });

  test('without an index every JSON file is tried, subfolders too, and other JSON is skipped', async () => {
    await put('b.json', sequence('b'));
    await put('sub/a.json', sequence('a'));
    await put('sub/node_modules/n.json', sequence('n'));
    await put('listed/index.json', { sequences: [{ file: 'c.json' }] });
    await put('listed/c.json', sequence('c'));
    await put('listed/d.json', sequence('d'));
    await put('package.json', { name: 'p', version: '1' });
    await put('phases.json', { phases: [{ steps: [{ step: 1, action: 'x' }] }] });
    await put('steps.json', { name: 'how-to', steps: ['one', 'two'] });
    await put('list.json', [1, 2]);
    await put('broken.json', '{');
    await put('notes.txt', 'x');
    const { plans, skipped, diagnostics, texts } = await readSequenceFolder(folder);
    expect(plans.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
    expect(skipped.map((path) => path.slice(folder.length + 1))).toEqual(['list.json', 'package.json', 'phases.json', 'steps.json']);
    expect(diagnostics.map(({ file }) => file.slice(folder.length + 1))).toEqual(['broken.json']);
    expect(texts.get(join(folder, 'broken.json'))).toBe('{');
  });

  test('two documents with one id are an error', async () => {
    await put('a.json', sequence('same'));
    await put('b.json', sequence('same'));
    expect((await readSequenceFolder(folder)).diagnostics).toMatchObject([{ code: 'ID_TWICE', file: join(folder, 'b.json') }]);
  });

  test('a folder that is not there is a finding', async () => {
    expect((await readSequenceFolder(join(folder, 'gone'))).diagnostics).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
  });
});
