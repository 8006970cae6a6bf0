import type { DocumentationCheck, Edit } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { readMarkdown } from './documentation/markdown.ts';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from './shop-files.ts';
import { validateDocumentation } from './validateDocumentation.ts';
import { makePatch } from './validation-rig.ts';

const FILES = {
  ...SHOP,
  'docs/guide.md': '# The Guide\n\n## Use it\n\n## Use it\n\nOld: [gone](gone.md)\n',
  'docs/other.md': '# Other\n',
};

function check(documentation: readonly Edit[], code: readonly Edit[] = [GUARD]): DocumentationCheck {
  const patch = makePatch('base', { code, test: LABEL_TEST, documentation, at: LABEL_AT });
  return validateDocumentation({ patch, sources: { commit: 'base', files: FILES, leftOut: [] } }).documentation;
}

const append = (text: string): Edit => ({ file: 'docs/guide.md', search: 'Old:', replace: `${text}\n\nOld:` });

test('a patch with sound documentation is valid, and an old fault is not held against it', () => {
  const found = check([
    append(
      'See [orders](../src/orders.js), [below](#use-it-1), [other](other.md#other), [site](https://example.org/x), ![](logo.png).\n\n```js\nlabel({});\n```',
    ),
  ]);
  expect(found).toMatchObject({ valid: true, errors: [] });
  expect(found.checked).toBeGreaterThanOrEqual(6);
});

test.each([
  ['a link to a missing file', '[x](../src/nothing.js)', 'docs/guide.md:7: the link ../src/nothing.js leads nowhere'],
  ['a link to a missing heading', '[x](other.md#nothing)', 'docs/guide.md:7: the link other.md#nothing names no heading of docs/other.md'],
  ['a link to a missing heading of the same file', '[x](#nothing)', 'docs/guide.md:7: the link #nothing names no heading of docs/guide.md'],
  ['a reference definition', '[x]: ./none.md', 'docs/guide.md:7: the link ./none.md leads nowhere'],
  ['an example that does not parse', '```ts\nconst a: = 1;\n```', 'docs/guide.md:7: the example does not parse'],
  ['JSON that does not parse', '```json\n{ a: 1 }\n```', 'docs/guide.md:7: the JSON example does not parse'],
])('finds %s', (_, text, error) => {
  const { valid, errors } = check([append(text)]);
  expect(valid).toBe(false);
  expect(errors).toEqual([expect.stringContaining(error)]);
});

test.each([
  '`[x](none.md)`',
  '```\n[x](none.md)\n```',
  '[x](mailto:a@b.c)',
  '[x](/src/)',
  '[x](../src)',
  '[x](../../outside.md)',
  '[x](%E0%A4%A)',
])('takes %s for no fault', (text) => {
  expect(check([append(text)]).errors).toEqual([]);
});

describe('doc comments', () => {
  const rename = (replace: string): Edit => ({ file: 'src/orders.js', search: 'function label(order)', replace });

  test('that name parameters which are there are in order', () => {
    expect(check([], [GUARD, rename('function label(order, shop)')]).valid).toBe(true);
    expect(check([], [rename('function label({ customer })')]).valid).toBe(true);
  });

  test('that name others are found', () => {
    expect(check([], [rename('function label(purchase)')]).errors).toEqual([
      'src/orders.js:5: the comment of label speaks of order, which is no parameter of it',
    ]);
  });
});

test('edits that do not fit are left to others to tell', () => {
  expect(check([], [{ ...GUARD, search: 'not there' }]).valid).toBe(true);
});

test('markdown: headings get the anchors that GitHub gives them', () => {
  const { headings, links } = readMarkdown(
    '# `code()` & More!\n## [Link](x.md) here ##\n<a id="own"></a>\n[<spaced>](<a b.md> "title") [p](a_(b).md)\n',
  );
  expect([...headings]).toEqual(['code--more', 'link-here', 'own']);
  expect(links.map(({ target }) => target)).toEqual(['x.md', 'a b.md', 'a_(b).md']);
});
