import { applyEdits } from '@selfheal/repository';
import { expect, test } from 'vitest';
import { editsOfChanges } from './edits-of-changes.ts';

const TEXT = 'if (a) {\n  return false;\n}\nreturn true;\n';

test('swapped lines apply although one of them is there twice in between', async () => {
  const [first, second] = [TEXT.indexOf('  return false;'), TEXT.indexOf('return true;')];
  const changes = [
    { file: 'a.js', start: first + 2, end: first + 15, text: 'return true;' },
    { file: 'a.js', start: second, end: second + 12, text: 'return false;' },
  ];
  const edits = editsOfChanges(changes, new Map([['a.js', TEXT]]));
  const applied = await applyEdits(edits, async () => Buffer.from(TEXT));
  expect(applied.get('a.js')?.toString()).toBe('if (a) {\n  return true;\n}\nreturn false;\n');
});
