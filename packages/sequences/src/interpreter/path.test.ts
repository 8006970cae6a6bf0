import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath, resolvePath } from './path.ts';

const scope = {
  input: { limit: 5, '': 'blank', files: [{ name: 'a' }, { name: 'b' }] },
  'load#2': { 'odd.key': { deep: true } },
  stored: { $ref: 'sha256-abc', count: 3 },
};

describe('resolvePath', () => {
  test.each([
    ['$.input.limit', 5],
    ['$.input.files[1].name', 'b'],
    ['$.input.files[-1].name', 'b'],
    ['$.input.files.length', 2],
    ["$['load#2']['odd.key'].deep", true],
    ['$.load#2["odd.key"].deep', true],
    ['$.input.missing.deeper', undefined],
    ['$.input.files[7]', undefined],
    ['$.input.limit.toFixed', undefined],
    ['$.input.constructor', undefined],
    ['$.__proto__', undefined],
    ['$', scope],
    ['$.stored', scope.stored],
  ])('%s', (path, expected) => {
    expect(resolvePath(scope, path)).toEqual(expected);
  });

  test('a path into a reference says that its content is not here', () => {
    expect(() => resolvePath(scope, '$.stored.count')).toThrow(/leads into a reference to stored data/);
  });

  test.each(['input', '$input', '$.', '$.a..b', '$.a[', '$.a[x]', '$.a b'])('%s is malformed', (path) => {
    expect(() => resolvePath(scope, path)).toThrow(/cannot be read/);
  });

  test('finds any key that is written in quotes', () => {
    const key = fc.string().filter((text) => !text.includes("'") && text !== '__proto__');
    fc.assert(
      fc.property(key, fc.jsonValue(), (name, value) => {
        expect(resolvePath({ held: { [name]: value } }, `$.held['${name}']`)).toEqual(value);
      }),
    );
  });

  test('never throws on reading, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parsePath(`$${text}`) === 'object'));
  });
});
