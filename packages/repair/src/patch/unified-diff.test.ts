import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'diff-'));
  execFileSync('git', ['init', '-q', root]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const long = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
const cases: [string, Record<string, string>, Record<string, string>][] = [
  ['a change in the middle', { 'a.js': `${long}\n` }, { 'a.js': `${long.replace('line 20', 'other')}\n` }],
  ['two far changes', { 'a.js': `${long}\n` }, { 'a.js': `${long.replace('line 2\n', 'x\n').replace('line 35', 'y')}\n` }],
  ['a new file in a new folder', {}, { 'test/new.test.js': 'a\nb\n' }],
  ['a new file without final newline', {}, { 'new.js': 'a' }],
  ['an empty new file', {}, { 'empty.js': '' }],
  ['a missing final newline, kept', { 'a.js': 'a\nb' }, { 'a.js': 'c\nb' }],
  ['a final newline added', { 'a.js': 'a\nb' }, { 'a.js': 'a\nb\n' }],
  ['a final newline removed', { 'a.js': 'a\nb\n' }, { 'a.js': 'a\nb' }],
  ['Windows line ends', { 'a.js': 'a\r\nb\r\nc\r\n' }, { 'a.js': 'a\r\nx\r\nc\r\n' }],
  ['an emptied file', { 'a.js': 'a\n' }, { 'a.js': '' }],
  ['names with blanks, quotes and umlauts', { 'my file.js': 'a\n', 'ü"x.js': 'b\n' }, { 'my file.js': 'c\n', 'ü"x.js': 'd\n' }],
];

describe('unifiedDiff', () => {
  it.each(cases)('gives what git applies: %s', (_title, before, after) => {
    write(before);
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: root, input: unifiedDiff(before, { ...before, ...after }) });
    for (const [path, text] of Object.entries(after)) expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });

  it('is empty where nothing changed', () => {
    expect(unifiedDiff({ 'a.js': 'a\n' }, { 'a.js': 'a\n' })).toBe('');
  });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
