import fc from 'fast-check';
import { expect, it } from 'vitest';
import { originalJson, storableJson } from './storable-json.ts';

it('leaves ordinary JSON as it is', () => {
  const text = JSON.stringify({ a: 'é \u{1F600} \\u0000 \\\\ "quoted" \n\t\u001f', b: [1.5, null, true] });
  expect(storableJson(text)).toBe(text);
});

it('takes away NUL characters and half surrogate pairs, and gives them back', () => {
  const text = JSON.stringify({ 'key\u0000': '\u0000 \ud800 \udfff \\\u0000 \uf8fe \uf8fe0000 \ud83d\ude00' });
  expect(storableJson(text)).not.toMatch(/(?<!\\)\\u/);
  expect(originalJson(storableJson(text))).toBe(text);
});

it('is undone exactly, whatever the value', () => {
  const unit = fc.oneof(
    fc.constantFrom('\u0000', '\ud800', '\udc00', '\uf8fe', '\\', 'u', '0', 'e', 'd', '8', '"'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(
      fc.array(unit).map((parts) => parts.join('')),
      (value) => {
        const text = JSON.stringify({ [value]: value });
        expect(originalJson(storableJson(text))).toBe(text);
        expect(JSON.parse(storableJson(text))).toBeTypeOf('object');
      },
    ),
    { numRuns: 500 },
  );
});
