import { expect, test } from 'vitest';
import { createCodeView } from './code-view.ts';
import { frameFunctionName, placeFrames } from './frame-sites.ts';
import { frame, sampleCode } from './samples-for-tests.ts';

const SOURCE = `class Store {
  find(id) {
    return this.rows
      .filter((row) => row.id === id)
      .map((row) => row.name.trim());
  }
  constructor() {
    this.rows = [];
  }
}
function other() {
  return 1;
}
const top = load();
module.exports = { Store, other };
`;
const { codebase, sources } = sampleCode({ 'src/store.js': SOURCE });
const view = createCodeView(codebase, sources);
const place = (...frames: Parameters<typeof placeFrames>[1]) =>
  placeFrames(view, frames).map((site) => [site.line, site.function?.name, site.trust]);

test.each([
  ['async Store.find', 'Store.find'],
  ['new Store', 'Store'],
  ['Object.find [as handler]', 'find'],
  ['Store.<anonymous>', 'Store'],
  ['Object.<anonymous>', undefined],
  ['<anonymous>', undefined],
  ['eval', undefined],
])('the name %s of a frame is %s', (name, expected) => {
  expect(frameFunctionName(frame('a.js', 1, name))).toBe(expected);
});

test('a frame is placed where line and function agree', () => {
  expect(place(frame('src/store.js', 3, 'Store.find'), frame('src/store.js', 8, 'new Store'), frame('src/store.js', 12, 'other'))).toEqual([
    [3, 'Store.find', 1],
    [8, 'Store.constructor', 1],
    [12, 'other', 1],
  ]);
});

test('a callback without a name is within its function; module code is in none', () => {
  expect(place(frame('src/store.js', 5), frame('src/store.js', 14))).toEqual([
    [5, 'Store.find', 0.85],
    [14, undefined, 0.6],
  ]);
});

test('a function that moved is found by its name, a line past the end by nothing', () => {
  expect(
    place(
      frame('src/store.js', 99, 'other'),
      frame('src/store.js', 99),
      frame('src/store.js', 3, 'gone'),
      frame('src/store.js', 99, 'gone'),
    ),
  ).toEqual([
    [13, 'other', 0.6],
    [3, 'Store.find', 0.4],
  ]);
});

test('frames outside the application or the repository are left out', () => {
  expect(place({ ...frame('src/store.js', 3), inApp: false }, frame('node_modules/x.js', 3), frame('src/missing.js', 3))).toEqual([]);
});

test('a frame of build output is placed by its function, in the source of the same path', () => {
  expect(place(frame('dist/store.js', 77, 'other'), frame('/srv/app/build/src/store.js', 77, 'Store.find'))).toEqual([
    [11, 'other', 0.55],
    [2, 'Store.find', 0.55],
  ]);
  expect(place(frame('dist/store.js', 77), frame('dist/store.js', 77, 'gone'), frame('node_modules/x/dist/store.js', 7, 'other'))).toEqual(
    [],
  );
});
