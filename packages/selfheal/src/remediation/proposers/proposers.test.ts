import type { FailureContext, PreviousAttempt, ProposeOptions, RemediationDecision } from '@selfheal/contracts';
import { applyEdits, hashEdits } from '@selfheal/repair';
import { describe, expect, test } from 'vitest';
import { passing, settling } from './failure-class.ts';
import { renamedField } from './renamed-field.ts';

const NEVER = new AbortController().signal;

function contextOf(message: string, more: Partial<FailureContext> & { stack?: string[] } = {}): FailureContext {
  const { stack = [], ...rest } = more;
  return {
    subject: { beat: 'load' },
    error: { type: 'Error', message, stack, causes: [] },
    summary: '',
    config: {},
    sizes: { bytes: 0, parts: {}, tokens: 0 },
    trimmed: [],
    redactions: 0,
    ...rest,
  };
}

function optionsOf(remediation: object = {}, previous: readonly PreviousAttempt[] = []): ProposeOptions {
  return { projectId: 'p', incidentId: 'i', remediation: { enabled: true, ...remediation }, attempt: previous.length + 1, previous };
}

async function decision(
  proposer: typeof passing,
  context: FailureContext,
  options = optionsOf(),
): Promise<RemediationDecision | undefined> {
  const { outcome } = await proposer.propose(context, options, NEVER);
  return outcome.kind === 'decided' ? outcome.decision : undefined;
}

describe('classes of failures', () => {
  test.each([
    'connect ECONNREFUSED 10.0.0.1:5432',
    'the provider answered HTTP 503',
    'status code 429',
    'Deadlock found',
    'socket hang up',
  ])('%s passes', async (message) => {
    expect(await decision(passing, contextOf(message))).toMatchObject({ decision: 'RETRY', proposer: 'failure-class' });
  });

  test.each(['price is not a number', 'HTTP 200 but no body', 'order 503 has no lines'])('%s does not pass by itself', async (message) => {
    expect(await decision(passing, contextOf(message))).toBeUndefined();
  });

  test('invalid input is handed to the handler that the document names, once', async () => {
    const context = contextOf('batch 7 has invalid records');
    const named = { decisionHandlers: { RETRY: 'clean' } };
    expect(await decision(passing, context)).toBeUndefined();
    expect(await decision(passing, context, optionsOf(named))).toMatchObject({
      decision: 'RETRY',
      reasoning: expect.stringContaining('"clean"'),
    });
    const before: PreviousAttempt = { attempt: 1, decision: 'RETRY', reasoning: '', outcome: '' };
    expect(await decision(passing, context, optionsOf(named, [before]))).toBeUndefined();
  });

  test.each([
    ['HTTP 410', 'FAIL'],
    ['format 1 is no longer supported', 'FAIL'],
    ['status 403', 'ESCALATE'],
    ['EACCES: permission denied, open /x', 'ESCALATE'],
    ['conflicting records for member 7', 'ESCALATE'],
    ['nobody knows', 'FAIL'],
  ])('the last word on "%s" is %s', async (message, expected) => {
    expect(await decision(settling, contextOf(message))).toMatchObject({ decision: expected });
  });
});

describe('a renamed field', () => {
  const source = `export function read(row) {\n  const at = row.created_at;\n  row.created_at = 1;\n  return { at, by: row.author?.['full_name'] };\n}\n`;
  const files: Record<string, string> = { 'src/read.js': source };
  const proposer = renamedField(async () => ({ commit: 'c', files, leftOut: [] }));
  const stack = ['at read (src/read.js:2:18)'];

  async function patched(context: FailureContext): Promise<string | undefined> {
    const made = await decision(proposer, context);
    return made?.patch && applyEdits(files, made.patch.edits)['src/read.js'];
  }

  test('is read by either name; what is assigned stays', async () => {
    const text = await patched(contextOf('field "created_at" is missing', { stack, input: '{"createdAt": 5, "id": 1}' }));
    expect(text).toContain('const at = (row.createdAt ?? row.created_at);');
    expect(text).toContain('  row.created_at = 1;');
  });

  test('is found in brackets, and by a small difference', async () => {
    const text = await patched(contextOf('required property "full_name"', { stack, input: '{"full_names": "x"}' }));
    expect(text).toContain("by: (row.author?.['full_names'] ?? row.author?.['full_name']) }");
  });

  test('is not guessed: nothing missing, nothing alike, or no code of the stack that reads it', async () => {
    expect(await decision(proposer, contextOf('boom', { stack, input: '{"createdAt": 1}' }))).toBeUndefined();
    expect(await decision(proposer, contextOf('field "created_at" is missing', { stack, input: '{"price": 1}' }))).toBeUndefined();
    expect(await decision(proposer, contextOf('field "created_at" is missing', { input: '{"createdAt": 1}' }))).toBeUndefined();
  });

  test('is not proposed again, nor read where either name is read already', async () => {
    const context = contextOf('field "created_at" is missing', { stack, input: '{"createdAt": 5}' });
    const made = await decision(proposer, context);
    const edits = made?.patch?.edits ?? [];
    const before: PreviousAttempt = { attempt: 1, decision: 'RETRY', reasoning: '', outcome: '', patchHash: hashEdits(edits) };
    expect(await decision(proposer, context, optionsOf({}, [before]))).toBeUndefined();
    const healed = applyEdits(files, edits);
    const again = renamedField(async () => ({ commit: 'c', files: healed, leftOut: [] }));
    expect(await decision(again, context)).toBeUndefined();
  });
});
