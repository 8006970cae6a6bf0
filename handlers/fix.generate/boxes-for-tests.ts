/**
 * A repository that packs items into boxes and labels these: `isFull` is its condition for the next box, `more` what its test
 * compares besides (actual and expected).
 */
export function boxesRepository(isFull: string, more: string): Record<string, string> {
  return {
    'package.json': '{ "name": "boxes", "scripts": { "test": "node --test" } }',
    'lib/boxes.js': `'use strict'

function labelOf(box, index) {
  if (box.length === 0) throw new RangeError('box ' + index + ' is empty')
  return index + ': ' + box.map((item) => item.name).join(', ')
}

/** Items into as few boxes as their order allows, none heavier than the capacity; one label for each box. */
function pack(items, capacity) {
  const boxes = [[]]
  let load = 0
  for (const item of items) {
    if (${isFull}) {
      boxes.push([])
      load = 0
    }
    boxes[boxes.length - 1].push(item)
    load += item.weight
  }
  return boxes.map(labelOf)
}

module.exports = { labelOf, pack }
`,
    'test/boxes.test.js': `'use strict'
const test = require('node:test')
const assert = require('assert')
const { labelOf, pack } = require('../lib/boxes')

const item = (name, weight) => ({ name, weight })

test('fills a box before it takes the next', () => {
  assert.deepStrictEqual(pack([item('a', 2), item('b', 3)], 10), ['0: a, b'])
  assert.deepStrictEqual(pack([item('a', 6), item('b', 6)], 10), ['0: a', '1: b'])
  assert.deepStrictEqual(${more})
})

test('an empty box has no label', () => {
  assert.throws(() => labelOf([], 3), RangeError)
  assert.strictEqual(labelOf([item('a', 1)], 3), '3: a')
})
`,
  };
}
