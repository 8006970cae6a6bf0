import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemediationAttempt } from '@selfheal/contracts';
import { makeOrdersRepository, startModelServer } from '@selfheal/testkit';
import { openPrompts } from 'selfheal/ai';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { run } from './in-process.ts';

let root: string;
beforeAll(async () => {
  ({ root } = await makeOrdersRepository());
});

const prompts = (...args: string[]) => run(['prompts', ...args, '--repo', root]);

async function template(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-prompt-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 't.hbs'), text);
  return join(folder, 't.hbs');
}

it('validates with file, line, column and the nearest name', async () => {
  const file = await template('Error:\n  {{errorMesage}}\n');
  const bad = await run(['prompts', 'validate', file]);
  expect([bad.exitCode, bad.stdout]).toEqual([
    1,
    expect.stringContaining(`${file}:2:5: no variable "errorMesage"; did you mean "errorMessage"?`),
  ]);
  const good = await run(['prompts', 'validate', await template('{{errorMessage}}')]);
  expect([good.exitCode, good.stdout]).toEqual([0, expect.stringContaining('valid (errorMessage)')]);
});

it('keeps templates with versions, their differences, and who may see and change them', async () => {
  const made = await prompts(
    'new',
    'mine',
    '--file',
    await template('First {{errorMessage}}'),
    '--description',
    'short',
    '--tag',
    'api',
    '--by',
    'ann',
  );
  expect(made.stdout).toContain('made: mine');
  expect((await prompts('show', 'mine', '--by', 'bob')).error).toMatchObject({ code: 'PROMPT_UNKNOWN' });
  await prompts('edit', 'mine', '--file', await template('Second {{errorMessage}}'), '--by', 'ann');
  expect((await prompts('show', 'mine', '--by', 'ann')).stdout).toMatch(/version 2[\s\S]*version 1[\s\S]*Second \{\{errorMessage\}\}/);
  expect((await prompts('show', 'mine', '--at-version', '1', '--by', 'ann')).stdout).toContain('First');
  expect((await prompts('diff', 'mine', '--by', 'ann')).stdout).toMatch(/-First[\s\S]*\+Second/);
  await prompts('share', 'mine', '--by', 'ann');
  expect((await prompts('list', '--tag', 'api', '--by', 'bob')).stdout).toContain('public (ann)');
  expect((await prompts('edit', 'mine', '--description', 'x', '--by', 'bob')).error).toMatchObject({ code: 'PROMPT_NOT_YOURS' });
  expect((await prompts('new', 'copy', '--from', 'mine', '--by', 'bob')).stdout).toContain('made: copy');
  await prompts('delete', 'mine', '--by', 'ann');
  expect((await prompts('list', '--by', 'bob')).stdout).not.toContain('mine ');
  await prompts('delete', 'mine', '--restore', '--by', 'ann');
  expect((await prompts('list', '--by', 'bob')).stdout).toContain('mine ');
});

it('refuses what is not valid, and changes of the system’s templates', async () => {
  expect((await prompts('new', 'bad', '--file', await template('{{{code}}}'))).error).toMatchObject({ code: 'PROMPT_INVALID' });
  expect((await prompts('new', '../x', '--from', 'error')).error).toMatchObject({ code: 'INPUT_INVALID' });
  expect((await prompts('delete', 'error')).error).toMatchObject({
    code: 'PROMPT_UNKNOWN',
    message: expect.stringContaining('make a copy'),
  });
  expect((await prompts('show', 'eror')).error).toMatchObject({ message: expect.stringContaining('did you mean "error"') });
  expect((await prompts('edit', 'error')).error).toMatchObject({ code: 'INPUT_INVALID' });
});

it('renders the prompt as it would be sent, with its size and cost', async () => {
  const { stderr, stdout } = await run(['prompts', 'render', 'error', '--repo', root], {
    ...process.env,
    OPENAI_API_KEY: 'sk-test-canary-99',
  });
  expect(stdout).toMatch(/one JSON object[\s\S]*TypeError in chargeCard[\s\S]*Cannot read properties/);
  expect(stderr).toMatch(/context [\d,.]+ bytes \(error .*rendered in [\d.]+ ms/);
  expect(stderr).toMatch(/openai\/gpt-5\.1: about [\d,]+ tokens in, \$0\.\d{4} an attempt/);
  expect(stdout + stderr).not.toContain('canary');
});

it('compares what two versions decide about a recorded failure with how it ended', async () => {
  const healed = {
    decision: 'RETRY',
    reasoning: 'r',
    confidence: 0.9,
    edits: [{ file: 'a.js', search: 'x', replace: 'y' }],
    expectedOutcome: '',
  };
  await using server = await startModelServer(({ body }) => ({
    answer: body.messages[0]?.content.startsWith('Better') ? healed : { ...healed, decision: 'FAIL', edits: [] },
  }));
  await writeFile(
    join(root, 'selfheal.config.json'),
    JSON.stringify({ ai: { models: [{ api: 'openai', model: 'gpt-5.1', baseUrl: server.openAiUrl }] } }),
  );
  onTestFinished(() => rm(join(root, 'selfheal.config.json')));
  await prompts('new', 'tried', '--file', await template('Worse {{errorMessage}}'), '--by', 'ann');
  await prompts('edit', 'tried', '--file', await template('Better {{errorMessage}}'), '--by', 'ann');
  await recordAttempt(healed.edits);
  const { stdout } = await prompts('test', 'tried', '--by', 'ann');
  expect(stdout).toMatch(/tried version 1: 1 of 1 decided, 0 of 1 comparable/);
  expect(stdout).toMatch(/tried version 2: 1 of 1 decided, 1 of 1 comparable/);
  expect(JSON.parse((await prompts('test', 'tried', '--by', 'ann', '--json', '-')).stdout).trials).toHaveLength(2);
  expect(server.requests).toHaveLength(2);
  expect(await readFile(join(root, 'package.json'), 'utf8')).toContain('"name"');
});

async function recordAttempt(edits: { file: string; search: string; replace: string }[]): Promise<void> {
  await using opened = await openPrompts({ repo: root });
  const context = await opened.gather({ subject: { sequence: 's', beat: 'b', handler: 'h' }, error: { type: 'TypeError', message: 'm' } });
  const attempt: RemediationAttempt = {
    id: 'attempt-1',
    projectId: opened.project.id,
    workflowId: 'w',
    sequence: 's',
    beat: 'b',
    attempt: 1,
    trigger: 'automatic',
    errorFingerprint: 'f',
    context,
    decision: { decision: 'RETRY', reasoning: 'r', confidence: 0.9, patch: { edits }, proposer: 'models' },
    proposals: [],
    calls: [],
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    notes: [],
    timings: {},
    result: 'healed',
    detail: '',
    createdAt: 1,
    expiresAt: 2,
  };
  await opened.records.put('remediationAttempt', attempt);
}
