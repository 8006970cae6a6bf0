import { describe, expect, it } from 'vitest';
import { applyEdits, changedPaths } from './apply-edits.ts';
import { hashEdits } from './hash-edits.ts';
import { makeEdits } from './make-edits.ts';

describe('applyEdits', () => {
  it('replaces text that occurs once and makes new files', () => {
    const edits = [
      { file: 'a.js', search: 'one', replace: 'two' },
      { file: 'b.js', search: '', replace: 'new\n' },
    ];
    const after = applyEdits({ 'a.js': 'one $& three', 'c.js': 'c' }, edits);
    expect(after).toEqual({ 'a.js': 'two $& three', 'b.js': 'new\n', 'c.js': 'c' });
    expect(changedPaths({ 'a.js': 'one $& three', 'c.js': 'c' }, after)).toEqual(['a.js', 'b.js']);
  });

  it.each([
    ['text that is not there', { file: 'a.js', search: 'x', replace: '' }],
    ['text that occurs twice', { file: 'a.js', search: 'b', replace: '' }],
    ['a missing file', { file: 'z.js', search: 'b', replace: '' }],
    ['a new file that is there', { file: 'a.js', search: '', replace: 'b' }],
  ])('refuses %s', (_title, edit) => {
    expect(() => applyEdits({ 'a.js': 'b b' }, [edit])).toThrow(expect.objectContaining({ code: 'PATCH_CONFLICT' }));
  });
});

describe('makeEdits', () => {
  const text = 'a();\nif (x) {\n  b();\n}\nif (x) {\n  c();\n}\n';

  it('covers whole lines and is applicable', () => {
    const at = text.indexOf('c()');
    const edits = makeEdits('a.js', text, [{ start: at, end: at + 1, text: 'd' }]);
    expect(edits).toEqual([{ file: 'a.js', search: '  c();\n', replace: '  d();\n' }]);
  });

  it('takes in lines until the text is unique', () => {
    const at = text.lastIndexOf('if (x)');
    const [edit] = makeEdits('a.js', text, [{ start: at, end: at, text: 'let y;\n' }]);
    expect(edit?.search.split('\n').length).toBeGreaterThan(2);
    expect(applyEdits({ 'a.js': text }, edit ? [edit] : [])['a.js']).toBe(text.replace('}\nif', '}\nlet y;\nif'));
  });

  it('joins changes whose lines meet', () => {
    const first = text.indexOf('b()');
    const second = text.indexOf('}', first);
    const edits = makeEdits('a.js', text, [
      { start: second, end: second, text: '  e();\n' },
      { start: first, end: first + 1, text: 'z' },
    ]);
    expect(applyEdits({ 'a.js': text }, edits)['a.js']).toBe('a();\nif (x) {\n  z();\n  e();\n}\nif (x) {\n  c();\n}\n');
  });

  it('gives nothing for a change that changes nothing', () => {
    expect(makeEdits('a.js', text, [{ start: 0, end: 1, text: 'a' }])).toEqual([]);
  });
});

describe('hashEdits', () => {
  it('does not depend on order but on every field', () => {
    const a = { file: 'a', search: 'b', replace: 'c' };
    const b = { file: 'd', search: 'e', replace: 'f' };
    expect(hashEdits([a, b])).toBe(hashEdits([b, a]));
    expect(hashEdits([a])).not.toBe(hashEdits([{ ...a, replace: 'x' }]));
    expect(hashEdits([a])).toMatch(/^[0-9a-f]{64}$/);
  });
});
