import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { InProcessOptions } from './in-process/in-process-runtime.ts';
import { allBeats } from './interpreter/all-beats.ts';
import { interpret } from './interpreter/interpret.ts';
import { checkPlans, linkPlans } from './plans.ts';
import { type FolderResult, readSequenceFolder } from './reader/read-files.ts';
import { recorded } from './testing/sequence-rig.ts';

const EXAMPLES = fileURLToPath(new URL('../../../json-sequences/examples/', import.meta.url));

let read: FolderResult;
beforeAll(async () => {
  read = await readSequenceFolder(EXAMPLES);
});

async function run(id: string, input: unknown, options: Partial<InProcessOptions>) {
  const plan = read.plans.find((candidate) => candidate.id === id);
  if (!plan) throw new Error(`no example ${id}`);
  const rig = recorded(options);
  return { ...(await interpret(linkPlans(plan, read.plans), input, rig.runtime)), ...rig };
}

const echo = (input: unknown) => input;
const field = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null ? Reflect.get(input, name) : undefined;

test('every example is read without an error, one of each format', () => {
  expect(read.diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect([...new Set(read.plans.map(({ format }) => format))].sort()).toEqual([
    'builder',
    'conductor',
    'package-graph',
    'selfheal',
    'workflow',
  ]);
  expect(checkPlans(read.plans)).toEqual([]);
});

test('the example of our own format shows every beat form that our format has', () => {
  const plan = read.plans.find(({ id }) => id === 'invoice.month-end');
  const forms = new Set(plan ? allBeats(plan).map(({ form }) => form) : []);
  expect([...forms].sort()).toEqual(['approval', 'forEach', 'graph', 'handler', 'if', 'parallel', 'sequence', 'stop', 'wait']);
});

describe('invoice.month-end', () => {
  const customers = [
    { id: 'c1', email: 'a@acme.example', total: 70 },
    { id: 'c2', email: 'bounce', total: 50 },
  ];
  const handlers: InProcessOptions['handlers'] = {
    loadOpenItems: () => ({ items: customers }),
    totalByCustomer: (input) => ({ customers: field(input, 'items'), total: 120, hash: 'h1', currencies: ['EUR'] }),
    renderStatement: (input) => ({ document: `${field(field(input, 'customer'), 'id')} for ${field(input, 'month')}` }),
    sendStatement: (input) => {
      if (field(input, 'to') === 'bounce') throw new Error('no such mailbox');
      return { sent: true };
    },
    checkEntries: echo,
    writeBatch: (input) => ({ batch: `B-1 ${field(input, 'label')}` }),
    archiveMonth: echo,
    buildReport: () => ({ report: 'r' }),
    mailReport: echo,
    rollUp: (input) => ({ sum: Number(field(input, 'of')) * Number(field(input, 'months')) }),
  };
  const receive = () => ({ received: true });

  test('runs through; one statement that bounces does not hold up the month', async () => {
    const decide = (request: { prompt: string; subject?: unknown }) => ({ approved: true, why: `${request.prompt} ${request.subject}` });
    const result = await run('invoice.month-end', { month: '2026-10', limit: 100 }, { handlers, receive, decide });
    expect(result.status).toBe('completed');
    expect(result.output).toEqual({
      month: '2026-10',
      total: 120,
      statements: [
        { customer: 'c1', sent: true },
        { customer: 'c2', sent: false },
      ],
      postedAs: 'B-1 closing 2026-10',
      year: 1440,
    });
    expect(result.outputs.decision).toMatchObject({ why: 'Post 120 for 2026-10? h1' });
    expect(result.failures).toMatchObject([{ beat: 'sendStatement', code: 'BEAT_FAILED' }]);
    expect(result.notices).toHaveLength(1);
  });

  test('below the limit nobody is asked; refused, late or empty it ends early', async () => {
    const small = await run('invoice.month-end', { month: 'm', limit: 500 }, { handlers, receive });
    expect(small).toMatchObject({ status: 'completed', sleeps: [250] });
    const refused = await run(
      'invoice.month-end',
      { month: 'm', limit: 1 },
      { handlers, decide: () => ({ approved: false, why: 'wait' }) },
    );
    expect(refused).toMatchObject({ status: 'rejected', reason: 'wait' });
    const late = await run('invoice.month-end', { month: 'm', limit: 500 }, { handlers, receive: () => ({ received: false }) });
    expect(late.status).toBe('stopped');
    const empty = await run(
      'invoice.month-end',
      { month: 'm', limit: 1 },
      { handlers: { ...handlers, loadOpenItems: () => ({ items: [] }) } },
    );
    expect(empty).toMatchObject({ status: 'completed', reason: 'no open items in m', calls: ['loadOpenItems', 'totalByCustomer'] });
  });
});

test('the older sequence document runs, with its pause before the after-beat', async () => {
  const result = await run(
    'parcel-desk-print-label-symphony',
    { code: '4711' },
    {
      handlers: {
        readBarcode: () => ({ parcel: 7 }),
        'postal.address#checkAddress': echo,
        layOutLabel: echo,
        sendToPrinter: () => Promise.reject(new Error('no paper')),
      },
    },
  );
  expect(result).toMatchObject({ status: 'completed', sleeps: [250], failures: [{ beat: 'sendToPrinter' }] });
  expect(result.outputs.layOutLabel).toMatchObject({ parcel: 7, size: 'A6', dpi: 300 });
});

describe('the workflow documents', () => {
  const handlers = { notify: echo, pay_out: echo };
  const refund = { refund: { id: 'r1', amount: 20, account: 'DE1' }, customer: { blocked: false } };

  test('nested: small refunds are paid, others wait for the team', async () => {
    expect(await run('refund_review', refund, { handlers })).toMatchObject({
      status: 'completed',
      reason: 'Paid',
      outputs: { pay: { account: 'DE1', amount: 20 } },
    });
    const large = { ...refund, refund: { ...refund.refund, amount: 500 } };
    const answer = (verdict: string) => ({ handlers, receive: () => ({ received: true, payload: { review: { verdict } } }) });
    expect(await run('refund_review', large, answer('granted'))).toMatchObject({ status: 'completed', calls: ['notify', 'pay_out'] });
    expect(await run('refund_review', large, answer('refused'))).toMatchObject({
      status: 'rejected',
      reason: 'Refund r1 was not granted',
      calls: ['notify'],
    });
    expect(await run('refund_review', large, { handlers, receive: () => ({ received: false }) })).toMatchObject({ status: 'rejected' });
  });

  test('flat: parallel, wait, foreach and the action that stops', async () => {
    const shelf = {
      id: 's',
      tags: ['closed'],
      products: [
        { sku: 'a', left: 1, minimum: 5 },
        { sku: 'b', left: 9, minimum: 5 },
        { sku: 'URGENT-c', left: 9, minimum: 5 },
      ],
    };
    const created: unknown[] = [];
    const options = {
      handlers: {
        count_items: () => ({ counted: 3 }),
        weigh_shelf: () => Promise.reject(new Error('no scale')),
        create_record: (input: unknown) => void created.push(input),
      },
    };
    expect(await run('shelf_check', { shelf }, options)).toMatchObject({
      status: 'stopped',
      reason: 'the shelf is closed',
      sleeps: [2_000],
    });
    expect(created).toEqual([
      { entity: 'order', data: { sku: 'a' } },
      { entity: 'order', data: { sku: 'URGENT-c' } },
    ]);
    expect(await run('shelf_check', { shelf: { ...shelf, tags: [] } }, options)).toMatchObject({ status: 'completed' });
  });
});

test('the builder document gives what it says it gives', async () => {
  const document = JSON.parse(readFileSync(`${EXAMPLES}builder-onboarding.json`, 'utf8'));
  const said: unknown[] = [];
  const handlers: InProcessOptions['handlers'] = {
    createSpace: () => ({ url: 'https://acme.example' }),
    assignManager: () => ({ manager: 'm-7' }),
    enableSelfService: () => ({ selfService: true }),
    sendWelcome: (input) => {
      said.push(field(input, 'text'));
      return { welcomed: true };
    },
  };
  const large = await run('tenant-onboarding', document.sampleInput, { handlers });
  expect(large.output).toMatchObject(document.expectedOutput);
  expect(said).toEqual(['Hello Acme, your space is https://acme.example']);
  const small = await run('tenant-onboarding', { ...document.sampleInput, seats: 3 }, { handlers });
  expect(small.calls).toEqual(['createSpace', 'enableSelfService', 'sendWelcome']);
});

test('the package graph builds dependencies first', async () => {
  const built: unknown[] = [];
  await run('package-build', {}, { handlers: { buildPackage: (input) => void built.push(field(input, 'packageName')) } });
  expect(built).toEqual(['@acme/core', '@acme/ui', '@acme/app']);
});
