import { describe, expect, test } from 'vitest';
import { choice, own, planOf, readDocument } from '../../testing/sequence-rig.ts';

const HANDLERS = ['loadLogFiles', 'extractTelemetryEvents', 'storeResults'];

/** The findings of a document, as `CODE path`. */
function codes(document: unknown, options = {}): string[] {
  return readDocument(document, options).diagnostics.map(({ code, path }) => `${code} ${path}`);
}

const beats = (...list: unknown[]) => own(list);
const FIRST = 'movements[0].beats[0]';

describe('a good document', () => {
  test('defaults: ids from handlers, kind, timing, error handling, places', () => {
    const text =
      '{ "$schema": "./sequence.schema.json", "id": "x", "name": "X", "version": 1,\n "movements": [{ "beats": [\n  { "handler": "a" },\n  { "handler": "a", "kind": "pure" } ] }] }';
    const plan = planOf(text);
    expect(plan).toMatchObject({ id: 'x', name: 'X', version: '1', format: 'selfheal', source: 'test.json', unsupported: [] });
    expect(plan.movements).toEqual([
      {
        id: 'movement-1',
        name: 'movement-1',
        beats: [
          {
            form: 'handler',
            id: 'a',
            timing: 'async',
            errorHandling: 'abort',
            at: { line: 3, column: 3 },
            handler: 'a',
            kind: 'stage-crew',
          },
          {
            form: 'handler',
            id: 'a#2',
            timing: 'immediate',
            errorHandling: 'abort',
            at: { line: 4, column: 3 },
            handler: 'a',
            kind: 'pure',
          },
        ],
      },
    ]);
  });

  test('is ours without a $schema too, where its beats only call sequences', () => {
    const text = '{ "id": "x", "name": "X", "movements": [{ "name": "All", "beats": [{ "sequence": "child" }] }] }';
    expect(planOf(text, { sequences: ['child'] })).toMatchObject({
      format: 'selfheal',
      movements: [{ beats: [{ form: 'sequence', sequence: 'child' }] }],
    });
  });

  test('inputs are described, times become milliseconds', () => {
    const rest = { input: { a: 'the a', b: { description: 'the b', required: true } }, timeout: '1h30m', description: 'd' };
    expect(planOf(own([{ handler: 'a', timeout: 250 }], rest))).toMatchObject({
      inputs: { a: 'the a', b: 'the b' },
      timeoutMs: 5_400_000,
      movements: [{ beats: [{ timeoutMs: 250 }] }],
    });
  });

  test('a node of a graph names its beat and sees what it depends on', () => {
    const graph = [
      { id: 'second', dependsOn: ['first'], beat: { handler: 'a', input: { x: '$.first.x' } } },
      { id: 'first', beat: { id: 'named', handler: 'a' } },
    ];
    const bad = codes(beats({ graph }));
    expect(bad).toEqual([`PATH_UNKNOWN ${FIRST}.graph[0].beat.input.x`]);
    const [, named] = graph;
    const good = planOf(beats({ graph: [{ ...graph[0], beat: { handler: 'a', input: { x: '$.named.x' } } }, named] }));
    expect(good.movements[0]?.beats[0]).toMatchObject({
      nodes: [
        { id: 'second', beat: { id: 'second' } },
        { id: 'first', beat: { id: 'named' } },
      ],
    });
  });
});

describe('findings', () => {
  test('many errors are reported in one pass, each at its place with the nearest name', () => {
    const text = [
      '{',
      '  "$schema": "./sequence.schema.json",',
      '  "id": "telemetry.parse",',
      '  "name": "Parse",',
      '  "movements": [{ "id": "m", "beats": [',
      '    { "handler": "loadLogFile", "kind": "pur" },',
      '    { "handler": "storeResults", "timeot": "5s", "input": { "events": "$.extractTelemetryEvent.events" } },',
      '    { "if": { "field": "$.input.a", "operator": "greater" }, "then": [{ "hander": "x" }] }',
      '  ] }]',
      '}',
    ].join('\n');
    const { plan, diagnostics } = readDocument(text, { handlers: HANDLERS });
    expect(plan).toBeUndefined();
    expect(diagnostics.map(({ code, line, column, nearest }) => [code, line, column, nearest])).toEqual([
      ['HANDLER_UNKNOWN', 6, 18, 'loadLogFiles'],
      ['VALUE_INVALID', 6, 41, 'pure'],
      ['PROPERTY_UNKNOWN', 7, 34, 'timeout'],
      ['PATH_UNKNOWN', 7, 71, undefined],
      ['OPERATOR_UNKNOWN', 8, 49, undefined],
      ['FORM_UNKNOWN', 8, 73, 'handler'],
    ]);
    expect(diagnostics[1]?.expected).toBe('one of pure, stage-crew');
  });

  test('an unknown handler names the nearest one, at its name', () => {
    const { diagnostics } = readDocument(beats({ handler: 'loadLogFile' }), { handlers: new Set(HANDLERS) });
    expect(diagnostics).toMatchObject([
      { code: 'HANDLER_UNKNOWN', path: `${FIRST}.handler`, nearest: 'loadLogFiles', message: expect.stringContaining('did you mean') },
    ]);
  });

  test.each([
    ['no id', { ...own([{ handler: 'a' }]), id: undefined }, ['PROPERTY_MISSING ']],
    [
      'no movements',
      { $schema: 'sequence.schema.json', id: 'a', name: 'a', movments: [] },
      ['PROPERTY_MISSING ', 'PROPERTY_UNKNOWN movments'],
    ],
    ['misspelt without a schema', { id: 'a', name: 'a', movments: [] }, ['PROPERTY_MISSING ', 'PROPERTY_UNKNOWN movments']],
    ['no beats', own([]), ['VALUE_INVALID movements[0].beats']],
    ['a beat that is a text', beats('load'), ['VALUE_INVALID movements[0].beats[0]']],
    ['a beat of no form', beats({ title: 'x' }), ['FORM_UNKNOWN movements[0].beats[0]']],
    ['two forms', beats({ handler: 'a', wait: { ms: 1 } }), [`PROPERTY_UNKNOWN ${FIRST}.wait`]],
    ['a bad id', beats({ id: 'a b', handler: 'a' }), [`VALUE_INVALID ${FIRST}.id`]],
    ['a reserved id', beats({ id: 'input', handler: 'a' }), [`ID_RESERVED ${FIRST}.id`]],
    ['an unsafe id', beats({ id: 'constructor', handler: 'a' }), [`ID_RESERVED ${FIRST}.id`]],
    ['an id twice', beats({ id: 'x', handler: 'a' }, { id: 'x', handler: 'a' }), ['ID_TWICE movements[0].beats[1].id']],
    ['a bad duration', beats({ handler: 'a', timeout: '5 parsecs' }), [`VALUE_INVALID ${FIRST}.timeout`]],
    [
      'a bad retry',
      beats({ handler: 'a', retry: { maximumAttempts: 0, backof: 2 } }),
      [`VALUE_INVALID ${FIRST}.retry.maximumAttempts`, `PROPERTY_UNKNOWN ${FIRST}.retry.backof`],
    ],
    [
      'a bad AI setting',
      beats({ handler: 'a', aiRemediation: { enabled: true, maxAiRetries: 9 } }),
      [`VALUE_INVALID ${FIRST}.aiRemediation.maxAiRetries`],
    ],
    ['a malformed path', beats({ handler: 'a', input: { x: '$.input[' } }), [`PATH_INVALID ${FIRST}.input.x`]],
    [
      'a path in a template',
      beats({ handler: 'a', input: { x: { template: 'a {{$.gone.x}}' } } }),
      [`PATH_UNKNOWN ${FIRST}.input.x.template`],
    ],
    [
      'a path with options',
      beats({ handler: 'a', input: { x: { path: '$.gone.x', required: true } } }),
      [`PATH_UNKNOWN ${FIRST}.input.x.path`],
    ],
    ['a path to a later beat', beats({ handler: 'a', input: { x: '$.b.x' } }, { handler: 'b' }), [`PATH_UNKNOWN ${FIRST}.input.x`]],
    [
      'a path to a sibling branch',
      beats({ parallel: [{ handler: 'a' }, { handler: 'b', input: { x: '$.a.x' } }] }),
      [`PATH_UNKNOWN ${FIRST}.parallel[1].input.x`],
    ],
    [
      'a loop variable outside',
      beats({ forEach: [1], as: 'n', beats: [{ handler: 'a' }] }, { handler: 'b', input: { n: '$.n' } }),
      ['PATH_UNKNOWN movements[0].beats[1].input.n'],
    ],
    ['a loop variable that hides', beats({ forEach: [1], as: 'input', beats: [{ handler: 'a' }] }), [`ID_TWICE ${FIRST}.as`]],
    ['forEach over a text', beats({ forEach: 'files', beats: [{ handler: 'a' }] }), [`VALUE_INVALID ${FIRST}.forEach`]],
    ['forEach without beats', beats({ forEach: [1] }), [`PROPERTY_MISSING ${FIRST}`]],
    ['a spread of no path', beats({ handler: 'a', input: { '...': 'baton' } }), [`VALUE_INVALID ${FIRST}.input['...']`]],
    ['a wait for two things', beats({ wait: { ms: 1, event: 'e' } }), [`VALUE_INVALID ${FIRST}.wait`]],
    ['a wait for nothing', beats({ wait: {} }), [`VALUE_INVALID ${FIRST}.wait`]],
    ['a timeout without event', beats({ wait: { ms: 1, timeout: '1s' } }), [`VALUE_INVALID ${FIRST}.wait`]],
    ['onTimeout without timeout', beats({ wait: { event: 'e', onTimeout: 'stop' } }), [`VALUE_INVALID ${FIRST}.wait`]],
    ['an empty condition', beats(choice({}, [{ handler: 'a' }])), [`PROPERTY_MISSING ${FIRST}.if`]],
    [
      'an operator without field',
      beats(choice({ operator: 'eq', and: [{ field: '$.input.a' }] }, [{ handler: 'a' }])),
      [`PROPERTY_MISSING ${FIRST}.if`],
    ],
    [
      'not with company',
      beats(choice({ field: '$.input.a', not: { field: '$.input.b' } }, [{ handler: 'a' }])),
      [`VALUE_INVALID ${FIRST}.if`],
    ],
    [
      'a bad pattern',
      beats({ handler: 'a', when: { field: '$.input.a', operator: 'regex', value: '(' } }),
      [`PATTERN_INVALID ${FIRST}.when.value`],
    ],
    [
      'a pattern that explodes',
      beats({ handler: 'a', when: { field: '$.input.a', operator: 'regex', value: '^(a+)+$' } }),
      [`PATTERN_INVALID ${FIRST}.when.value`],
    ],
    [
      'a deep condition',
      beats({ handler: 'a', when: { or: [{ not: { field: '$.gone' } }] } }),
      [`PATH_UNKNOWN ${FIRST}.when.or[0].not.field`],
    ],
    [
      'a dependency that is not there',
      beats({ graph: [{ id: 'x', dependsOn: ['y'], beat: { handler: 'a' } }] }),
      [`TARGET_UNKNOWN ${FIRST}.graph[0].dependsOn[0]`],
    ],
    [
      'a node twice',
      beats({
        graph: [
          { id: 'x', beat: { handler: 'a' } },
          { id: 'x', beat: { handler: 'a' } },
        ],
      }),
      [`ID_TWICE ${FIRST}.graph[1].id`],
    ],
    ['an output that begins nowhere', own([{ handler: 'a' }], { output: { x: '$.b' } }), ['PATH_UNKNOWN output.x']],
  ])('%s', (_name, document, expected) => {
    expect(codes(JSON.stringify(document))).toEqual(expected);
  });

  test('a circle in a graph is named', () => {
    const node = (id: string, needs: string) => ({ id, dependsOn: [needs], beat: { handler: 'a' } });
    const { diagnostics } = readDocument(beats({ graph: [node('x', 'z'), node('y', 'x'), node('z', 'y')] }));
    expect(diagnostics).toMatchObject([
      { code: 'GRAPH_CYCLE', path: `${FIRST}.graph[0]`, message: expect.stringContaining('x → z → y → x') },
    ]);
  });

  test('a child that is not known names the nearest one', () => {
    const { diagnostics } = readDocument(beats({ sequence: 'validation.rn' }), { sequences: ['validation.run', 'fix.generate'] });
    expect(diagnostics).toMatchObject([{ code: 'SEQUENCE_UNKNOWN', nearest: 'validation.run' }]);
  });

  test('a beat with errors does not make later paths to it look wrong as well', () => {
    expect(codes(beats({ handler: 'a', kind: 'x' }, { handler: 'b', input: { x: '$.a.x' } }))).toEqual([`VALUE_INVALID ${FIRST}.kind`]);
  });
});
