import { SelfhealError } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { applyEdit, applyEdits } from './apply-edits.ts';

const files = (contents: Record<string, string | Buffer>) => async (file: string) => {
  const content = contents[file];
  return content === undefined ? undefined : Buffer.from(content);
};
const codeOf = (error: unknown) => (error instanceof SelfhealError ? error.code : error);

describe('applyEdits', () => {
  it('applies edits one after the other and makes new files', async () => {
    const changed = await applyEdits(
      [
        { file: 'a', search: 'one', replace: 'two' },
        { file: 'a', search: 'two', replace: 'three' },
        { file: 'b/c', search: '', replace: 'new' },
      ],
      files({ a: 'zero one' }),
    );
    expect([...changed].map(([file, bytes]) => [file, bytes.toString()])).toEqual([
      ['a', 'zero three'],
      ['b/c', 'new'],
    ]);
  });

  it('leaves bytes of other encodings and line ends as they are', async () => {
    const latin1 = Buffer.from([0xe4, 0x0d, 0x0a, 0x78, 0x0d, 0x0a]);
    const changed = await applyEdits([{ file: 'a', search: 'x\r\n', replace: 'y\r\n' }], files({ a: latin1 }));
    expect(changed.get('a')).toEqual(Buffer.from([0xe4, 0x0d, 0x0a, 0x79, 0x0d, 0x0a]));
  });

  it.each([
    ['twice (overlapping too)', { file: 'a', search: 'aa', replace: 'b' }, { a: 'aaa' }],
    ['never', { file: 'a', search: 'q', replace: 'b' }, { a: 'aaa' }],
    ['in no file', { file: 'b', search: 'q', replace: 'b' }, { a: 'aaa' }],
    ['as a new file that exists', { file: 'a', search: '', replace: 'b' }, { a: 'aaa' }],
  ])('refuses a search that occurs %s', async (_case, edit, contents) => {
    await expect(applyEdits([edit], files(contents)).catch(codeOf)).resolves.toBe('PATCH_CONFLICT');
  });

  it.each(['../x', '/etc/x', '.git/config', 'a/.GIT/hooks/x', 'a\\..\\x', '', 'a//b', './a', 'C:/x', 'a\0b'])(
    'refuses the path %j',
    async (file) => {
      await expect(applyEdits([{ file, search: '', replace: 'b' }], files({})).catch(codeOf)).resolves.toBe('PATCH_FORBIDDEN');
    },
  );
});

describe('applyEdit', () => {
  it('replaces text as it stands, whatever it looks like, and makes a new file', () => {
    expect(applyEdit({ file: 'a', search: 'one', replace: '$& two' }, 'zero one three')).toBe('zero $& two three');
    expect(applyEdit({ file: 'a', search: '', replace: 'new' }, undefined)).toBe('new');
  });

  it('refuses what does not occur exactly once', () => {
    expect(() => applyEdit({ file: 'a', search: 'aa', replace: '' }, 'aaa')).toThrow(expect.objectContaining({ code: 'PATCH_CONFLICT' }));
    expect(() => applyEdit({ file: 'a', search: '', replace: '' }, '')).toThrow(expect.objectContaining({ code: 'PATCH_CONFLICT' }));
  });
});
