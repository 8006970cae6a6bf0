import { describe, expect, test } from 'vitest';
import { interpret } from '../../interpreter/interpret.ts';
import { dollar, planOf, readDocument, recorded } from '../../testing/sequence-rig.ts';

const node = (id: string, type = 'activity', data: Readonly<Record<string, unknown>> = { componentName: id }) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { label: id, ...data },
});
const edge = (source: string, target: string, sourceHandle?: string) => ({
  id: `${source}-${target}`,
  source,
  target,
  ...(sourceHandle && { sourceHandle }),
});
const builder = (nodes: readonly unknown[], edges: readonly unknown[] = [], rest: Readonly<Record<string, unknown>> = {}) => ({
  name: 'flow',
  definition: { nodes, edges },
  ...rest,
});

const found = (document: unknown, options = {}) =>
  readDocument(document, options).diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

async function order(document: unknown, input: unknown = {}): Promise<string[]> {
  const handlers = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, () => ({ [name]: true })]));
  const rig = recorded({ handlers });
  await interpret(planOf(document), input, rig.runtime);
  return rig.calls;
}

describe('builder documents', () => {
  test('nodes run in the order of their edges, whatever the order in the document', async () => {
    const nodes = [node('c'), node('end', 'end', {}), node('a'), node('start', 'trigger', {}), node('b')];
    expect(await order(builder(nodes, [edge('start', 'a'), edge('a', 'b'), edge('b', 'c'), edge('c', 'end')]))).toEqual(['a', 'b', 'c']);
    expect(await order({ name: 'flat', nodes, edges: [edge('b', 'a')] })).toEqual(['c', 'b', 'a']);
  });

  test.each([
    [{ n: 1 }, ['a', 'b', 'd', 'e']],
    [{ n: 2 }, ['a', 'c', 'e']],
  ])('a condition runs what only its branch leads to, then what both lead to (%j)', async (input, expected) => {
    const nodes = [node('a'), node('if', 'condition', { config: { expression: 'n === 1' } }), node('b'), node('c'), node('d'), node('e')];
    const edges = [edge('a', 'if'), edge('if', 'b', 'true'), edge('if', 'c', 'false'), edge('b', 'd'), edge('d', 'e'), edge('c', 'e')];
    expect(await order(builder(nodes, edges), input)).toEqual(expected);
  });

  test('what can be reached past a condition is no part of its branch', async () => {
    const nodes = [node('a'), node('if', 'condition', { config: { expression: 'n === 1' } }), node('b')];
    const edges = [edge('a', 'if'), edge('if', 'b', 'true'), edge('a', 'b')];
    expect(await order(builder(nodes, edges), { n: 2 })).toEqual(['a', 'b']);
  });

  test('configuration goes over the baton, with templates from input and nodes', async () => {
    const config = { to: dollar('workflow.mail'), text: `Hi ${dollar('workflow.name')}`, ref: dollar('a.id'), same: 5 };
    const rig = recorded({ handlers: { a: () => ({ id: 3 }), b: (input) => input } });
    const document = builder([node('a'), node('b', 'agent', { componentName: 'b', config })], [edge('a', 'b')]);
    const { outputs } = await interpret(planOf(document), { mail: 'x@y', name: 'Ann' }, rig.runtime);
    expect(outputs.b).toEqual({ mail: 'x@y', name: 'Ann', id: 3, to: 'x@y', text: 'Hi Ann', ref: 3, same: 5 });
  });

  test.each([
    [{ strategy: 'none' }, { maximumAttempts: 1 }],
    [
      { strategy: 'keep-trying', initialInterval: '2s' },
      { maximumAttempts: 2_147_483_647, initialIntervalMs: 2_000 },
    ],
    [
      { strategy: 'fail-after-x', maxAttempts: 5 },
      { maximumAttempts: 5, backoff: 2 },
    ],
    [
      { strategy: 'exponential-backoff', maxAttempts: 4, initialInterval: '1s', maxInterval: '20s', backoffCoefficient: 3 },
      { maximumAttempts: 4, initialIntervalMs: 1_000, backoff: 3, maximumIntervalMs: 20_000 },
    ],
  ])('retry policy %j', (retryPolicy, retry) => {
    expect(planOf(builder([node('a', 'activity', { componentName: 'a', retryPolicy })])).movements[0]?.beats).toMatchObject([{ retry }]);
  });

  test('facts about the document are kept', () => {
    const rest = {
      displayName: 'Flow',
      version: '1',
      sampleInput: { a: 1 },
      expectedOutput: { b: 2 },
      executionSettings: { timeout: 180 },
    };
    const trigger = node('t', 'trigger', { config: { triggerType: 'schedule', cronSchedule: '0 * * * *' } });
    expect(planOf(builder([trigger, node('a')], [], rest))).toMatchObject({
      id: 'flow',
      name: 'Flow',
      format: 'builder',
      timeoutMs: 180_000,
      trigger: { type: 'schedule', cron: '0 * * * *' },
      metadata: { sampleInput: { a: 1 }, expectedOutput: { b: 2 } },
    });
  });

  test('waits, approvals, children and signals', () => {
    const nodes = [
      node('w', 'delay', { config: { duration: '5s' } }),
      node('ok', 'approval', { config: { prompt: 'Go?' } }),
      node('child', 'child-workflow', { config: { workflowType: 'other', inputMapping: { id: dollar('workflow.id') } } }),
      node('sig', 'signal', { signalName: 'paid', config: { wait: true, timeout: '1h' } }),
    ];
    expect(planOf(builder(nodes)).movements[0]?.beats).toMatchObject([
      { form: 'wait', ms: 5_000 },
      { form: 'approval', prompt: 'Go?' },
      { form: 'sequence', sequence: 'other', input: { id: '$.input.id' } },
      { form: 'wait', awaitedEvent: 'paid', eventTimeoutMs: 3_600_000 },
    ]);
  });
});

describe('findings', () => {
  test.each([
    ['a circle', builder([node('a'), node('b')], [edge('a', 'b'), edge('b', 'a')]), ['error GRAPH_CYCLE definition.nodes[0]']],
    ['an edge to nowhere', builder([node('a')], [edge('a', 'gone')]), ['error TARGET_UNKNOWN definition.edges[0].target']],
    ['an edge without source', builder([node('a')], [{ target: 'a' }]), ['error PROPERTY_MISSING definition.edges[0]']],
    ['a node without id', builder([{ type: 'activity', data: {} }]), ['error PROPERTY_MISSING definition.nodes[0]']],
    ['a node twice', builder([node('a'), node('a')]), ['error ID_TWICE definition.nodes[1].id']],
    ['no component', builder([node('a', 'activity', {})]), ['warning BEAT_SKIPPED definition.nodes[0].data']],
    ['a type that is not run', builder([node('p', 'phase', {})]), ['warning NOT_SUPPORTED definition.nodes[0].type']],
    ['a child without name', builder([node('p', 'child-workflow', {})]), ['warning BEAT_SKIPPED definition.nodes[0]']],
    ['a signal that is not waited for', builder([node('p', 'signal', { signalName: 's' })]), ['info NOT_SUPPORTED definition.nodes[0]']],
    ['a condition without expression', builder([node('p', 'condition', {})]), ['error PROPERTY_MISSING definition.nodes[0]']],
    [
      'an expression that is code',
      builder([node('p', 'condition', { config: { expression: 'fetch("x")' } })]),
      ['error VALUE_INVALID definition.nodes[0].data.config.expression'],
    ],
    [
      'an environment value',
      builder([node('a', 'activity', { componentName: 'a', config: { key: dollar('env.API_KEY') } })]),
      ['warning NOT_SUPPORTED definition.nodes[0].data.config.key'],
    ],
  ])('%s', (_name, document, expected) => {
    expect(found(document)).toEqual(expected);
  });

  test('unknown handlers and children name the nearest', () => {
    const document = builder([
      node('a', 'activity', { componentName: 'sendMial' }),
      node('c', 'child-workflow', { config: { workflowType: 'biling' } }),
    ]);
    expect(readDocument(document, { handlers: ['sendMail'], sequences: ['billing'] }).diagnostics).toMatchObject([
      { code: 'HANDLER_UNKNOWN', nearest: 'sendMail' },
      { code: 'SEQUENCE_UNKNOWN', nearest: 'billing' },
    ]);
  });
});
