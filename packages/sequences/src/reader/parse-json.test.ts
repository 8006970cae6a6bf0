import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { own, readDocument } from '../testing/sequence-rig.ts';

const GOOD = JSON.stringify(own([{ handler: 'a' }]));

describe('text that is not quite JSON', () => {
  test('comments and trailing commas are read, with a warning for each kind', () => {
    const text = `// a sequence\n${GOOD.slice(0, -1)}, /* more */ // end\n}`;
    const { plan, diagnostics } = readDocument(text);
    expect(plan?.id).toBe('test');
    expect(diagnostics.map(({ severity, code, line }) => [severity, code, line])).toEqual([
      ['warning', 'JSON_LENIENT', 1],
      ['warning', 'JSON_LENIENT', 2],
    ]);
  });

  test('a byte order mark is no part of the text', () => {
    expect(readDocument(`\uFEFF${GOOD}`)).toMatchObject({ plan: { id: 'test' }, diagnostics: [] });
  });

  test.each([
    ['', 1, 1, 'the document is empty'],
    ['  // nothing\n', 1, 1, 'the document is empty'],
    ['{ "id": "a" "name": "b" }', 1, 13, 'a comma is expected here'],
    ['{\n  "id": abc\n}', 2, 9, 'this is neither a text in double quotes'],
    ['{ "id": "a', 1, 9, 'this text does not end'],
    ['{ "path": "a\\qb" }', 1, 11, 'a backslash is written as'],
    ['{ "a": 1 } {}', 1, 12, 'the document should end here'],
    ['{ "a": ', 1, 8, 'a value is expected here'],
  ])('%j', (text, line, column, message) => {
    const { plan, diagnostics } = readDocument(text);
    expect(plan).toBeUndefined();
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'JSON_SYNTAX', line, column, message: expect.stringContaining(message) }),
    );
  });

  test('a property that is there twice is a warning, and the last one counts', () => {
    const { plan, diagnostics } = readDocument(GOOD.replace('"name":"Test"', '"name":"Old","name":"New"'));
    expect(plan?.name).toBe('New');
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'PROPERTY_TWICE' }]);
  });

  test('a property named __proto__ is refused', () => {
    const { plan, diagnostics } = readDocument(GOOD.replace('"name":"Test"', '"name":"Test","__proto__":{"a":1}'));
    expect(plan).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'PROPERTY_UNKNOWN', message: expect.stringContaining('__proto__') }]);
  });
});

describe('documents that are too much', () => {
  test.each([
    ['[', 100_000],
    ['{"a":', 100_000],
    ['[{"a":', 50_000],
  ])('%s repeated %d times is refused where it gets too deep', (open, times) => {
    const { diagnostics } = readDocument(open.repeat(times));
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'JSON_TOO_DEEP', line: 1 }]);
  });

  test('a text of many megabytes is refused before it is read', () => {
    expect(readDocument(' '.repeat(8_000_001)).diagnostics).toMatchObject([{ code: 'JSON_TOO_LARGE' }]);
  });

  test('a long but flat document is read', () => {
    const beats = Array.from({ length: 3_000 }, (_, index) => ({ id: `b${index}`, handler: 'a' }));
    expect(readDocument(own(beats)).plan?.movements[0]?.beats).toHaveLength(3_000);
  });
});

test('reading never throws, whatever the text', () => {
  const words = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"id"',
    '"movements"',
    '"beats"',
    '"handler"',
    '"steps"',
    '"type"',
    '"nodes"',
    '"a"',
    '1',
    'null',
    '//',
    '\n',
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 40 }).map((parts) => parts.join(' ')),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (document) => Array.isArray(readDocument(document).diagnostics)),
    { numRuns: 500 },
  );
});

test('reading never throws, whatever a document of a known kind holds', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const step = fc.dictionary(
    fc.constantFrom(
      'id',
      'type',
      'condition',
      'on_true',
      'next',
      'action',
      'execute',
      'parallel',
      'foreach',
      'wait',
      'handler',
      'beat',
      'if',
      'then',
      'forEach',
      'beats',
      'graph',
      'input',
      'retry',
      'data',
      'source',
      'target',
    ),
    value,
  );
  const list = fc.array(fc.oneof(step, value), { maxLength: 4 });
  const document = fc.oneof(
    fc.record({ workflow_id: fc.constant('w'), trigger: value, steps: list }),
    fc.record({ pluginId: value, tempo: value, movements: fc.array(fc.record({ beats: list }), { maxLength: 2 }) }),
    fc.record({
      $schema: fc.constant('sequence.schema.json'),
      id: value,
      name: value,
      movements: fc.array(fc.record({ beats: list }), { maxLength: 2 }),
    }),
    fc.record({ definition: fc.record({ nodes: list, edges: list }) }),
    fc.record({ packages: fc.array(fc.record({ packageName: value, dependencies: value }), { maxLength: 3 }) }),
    fc.record({ sequences: fc.array(fc.record({ file: value }), { maxLength: 3 }) }),
  );
  fc.assert(
    fc.property(document, (tried) => Array.isArray(readDocument(tried, { handlers: ['a'], sequences: [] }).diagnostics)),
    { numRuns: 500 },
  );
});
