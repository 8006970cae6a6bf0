import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeOrdersRepository, startModelServer } from '@selfheal/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { run } from './in-process.ts';

const EXAMPLES = fileURLToPath(new URL('../../../json-sequences/examples/', import.meta.url));

const DOCUMENT = {
  $schema: './sequence.schema.json',
  id: 'shop.parse',
  name: 'Parse the shop',
  movements: [
    {
      id: 'parse',
      name: 'Parse',
      beats: [
        { handler: 'parseTelemetryRequested', kind: 'pure', input: { projectId: 'shop', paths: '$.input.paths' } },
        {
          handler: 'loadLogFiles',
          kind: 'stage-crew',
          input: { projectId: 'shop', paths: '$.parseTelemetryRequested.paths', maxBytes: '$.parseTelemetryRequested.maxBytes' },
        },
      ],
    },
  ],
};
const ANSWER = { interpretation: 'the logs of the shop', questions: [], explanation: 'it parses', confidence: 0.9 };

/** A repository with a model that gives this answer, and the command on it. */
async function model(answer: object) {
  const { root } = await makeOrdersRepository();
  const server = await startModelServer(() => ({ answer }));
  onTestFinished(() => server.close());
  const models = [{ api: 'openai', model: 'house', baseUrl: server.openAiUrl }];
  await writeFile(join(root, 'selfheal.config.json'), JSON.stringify({ ai: { models, prices: { house: { input: 0, output: 0 } } } }));
  return { server, propose: proposeIn(root) };
}

const proposeIn =
  (root: string) =>
  (...args: string[]) =>
    run(['sequence', 'propose', 'parse the logs of the shop', '--repo', root, ...args], {});

it('proposes a valid document, which a dry run then shows step by step', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-propose-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'shop.json');
  const { propose, server } = await model({ ...ANSWER, document: JSON.stringify(DOCUMENT) });
  const proposed = await propose('-o', file);
  expect([proposed.exitCode, proposed.stderr]).toEqual([0, expect.stringContaining('the logs of the shop (confidence 0.90)')]);
  expect(server.requests[0]?.body.messages[0]?.content).toContain('- loadLogFiles (stage-crew');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(DOCUMENT);
  const tested = await run(['sequence', 'test', file, '--data', '{"paths":["app.log"]}']);
  expect(tested.exitCode).toBe(0);
  expect(tested.stdout).toMatch(
    /✔ 1 parseTelemetryRequested ran[\s\S]*○ 2 loadLogFiles not called; it would get[\s\S]*"paths":\["app.log"\]/,
  );
});

it('asks questions where the request is ambiguous: exit 3', async () => {
  const { propose } = await model({ ...ANSWER, questions: ['Which logs?'], document: '' });
  const { exitCode, stderr, stdout } = await propose();
  expect([exitCode, stdout, stderr]).toEqual([3, '', expect.stringContaining('? Which logs?')]);
});

it('tells where a document is wrong that its repair did not mend: exit 4', async () => {
  const wrong = JSON.stringify(DOCUMENT).replace('loadLogFiles', 'loadLogFile');
  const { propose, server } = await model({ ...ANSWER, document: wrong });
  const { exitCode, stderr } = await propose();
  expect([exitCode, server.requests.length]).toEqual([4, 2]);
  expect(stderr).toMatch(/proposal\.json:1:\d+ error: the handler "loadLogFile" is not known; did you mean "loadLogFiles"\?/);
});

it('says how to configure a model where there is none: exit 1', async () => {
  const { root } = await makeOrdersRepository();
  const { exitCode, error } = await proposeIn(root)();
  expect([exitCode, error]).toEqual([
    1,
    expect.objectContaining({ code: 'AI_OFF', message: expect.stringContaining('ANTHROPIC_API_KEY') }),
  ]);
});

it('runs an example of the repository on sample data, and what its plugin calls pure', async () => {
  const sample = { outputs: { listBatches: { batches: [{ name: 'b', version: 2, records: [{ id: 1 }] }] } } };
  const { exitCode, stdout } = await run([
    'sequence',
    'test',
    join(EXAMPLES, 'data-quality-heals.json'),
    '--data',
    JSON.stringify(sample),
    '--json',
    '-',
  ]);
  const { steps, result } = JSON.parse(stdout);
  // The record is not a good one: the handler really ran.
  expect(steps).toMatchObject([
    { beat: 'listBatches', what: 'shown' },
    { beat: 'checkMembers', what: 'ran', error: expect.stringContaining('invalid records') },
    { beat: 'reportMembers', what: 'ran', output: { accepted: 0 } },
  ]);
  expect([exitCode, result.failures.length]).toEqual([1, 1]);
});

it('lists what sequences can be made of', async () => {
  const { exitCode, stdout } = await run(['sequence', 'capabilities', '--json', '-']);
  const { actions, handlers, operators } = JSON.parse(stdout);
  expect([exitCode, actions.length, operators.length]).toEqual([0, 9, 10]);
  expect(handlers.length).toBeGreaterThan(60);
});

it('lists and changes what beats say of their remediation, and finds references that lead nowhere', async () => {
  const { root } = await makeOrdersRepository();
  const file = join(root, 'flow.json');
  const beats = [{ handler: 'parseTelemetryRequested', kind: 'pure' }];
  await writeFile(file, JSON.stringify({ ...DOCUMENT, movements: [{ id: 'all', name: 'All', beats }] }));
  const remediation = (...args: string[]) => run(['sequence', 'remediation', file, '--repo', root, ...args], {});
  expect((await remediation()).stdout).toBe('No beat is remediated.\n');
  const set = (json: string) => remediation('--beat', 'parseTelemetryRequested', '--set', json);
  expect(await set('{"enabled":true,"promptTemplateId":"error"}')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('"maxAiRetries":3'),
  });
  const wrong = await set('{"enabled":true,"promptTemplateId":"eror","model":"gone","decisionHandlers":{"RETRY":"mend"}}');
  expect([wrong.exitCode, wrong.stdout]).toEqual([1, expect.stringMatching(/eror[\s\S]*no model "gone"[\s\S]*decision handler "mend"/)]);
  expect((await set('{"enabled":true,"maxAiRetries":9}')).error).toMatchObject({ code: 'INPUT_INVALID' });
  expect((await remediation('--beat', 'parseTelemetryRequested', '--unset')).stdout).toBe('No beat is remediated.\n');
});
