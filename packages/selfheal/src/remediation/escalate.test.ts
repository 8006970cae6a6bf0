import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { selfhealConfig } from '@selfheal/contracts';
import type { Escalation } from '@selfheal/temporal';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { escalate } from './escalate.ts';

const escalation: Escalation = {
  projectId: 'p',
  attemptId: 'run/load/1/remediate/1',
  why: 'which <side> is right?',
  failure: {
    sequence: 'orders.import',
    movement: 'm',
    beat: 'load',
    handler: 'loadOrders',
    ordinal: 1,
    workflowId: 'run',
    runId: 'r',
    input: {},
    error: { type: 'Error', message: 'two & two', causes: [] },
  },
};

const posts: { path: string; key: unknown; body: Record<string, unknown> }[] = [];
const mails: string[] = [];
let failing = 0;

const http = createServer(async (request, response) => {
  const chunks = await request.toArray();
  if (request.url === '/flaky' && failing-- > 0) response.writeHead(503);
  else posts.push({ path: request.url ?? '', key: request.headers['idempotency-key'], body: JSON.parse(Buffer.concat(chunks).toString()) });
  response.end();
});
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => {
    stream.toArray().then((chunks) => {
      mails.push(Buffer.concat(chunks).toString());
      done();
    }, done);
  },
});

let base = '';
let mailUrl = '';
beforeAll(async () => {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const listening = smtp.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  mailUrl = `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`;
});
afterAll(() => {
  http.close();
  smtp.close();
});

function partsOf(notify: object, env: NodeJS.ProcessEnv = {}) {
  const project = { id: 'p', root: '/r', dataDir: '/d', name: 'r', configFile: undefined, config: selfhealConfig.parse({ notify }) };
  return { project, plugins: [], env };
}

test('tells Slack, by e-mail and by webhook, each with an id that a repetition has too', async () => {
  const notify = {
    slack: {},
    email: { to: ['ops@example.org'], from: 'selfheal@example.org', smtpEnv: 'MAIL' },
    webhook: { url: `${base}/hook` },
  };
  const told = await escalate(partsOf(notify, { SLACK_WEBHOOK_URL: `${base}/slack`, MAIL: mailUrl }), escalation);
  expect(told).toBe('Slack: told; e-mail: told; webhook: told');
  const slack = posts.find(({ path }) => path === '/slack');
  expect(slack?.body.text).toContain('which &lt;side&gt; is right?');
  const hook = posts.find(({ path }) => path === '/hook');
  expect(hook?.body).toMatchObject({
    type: 'remediation.escalated',
    beat: 'load',
    why: 'which <side> is right?',
    error: { message: 'two & two' },
  });
  expect(hook?.key).toBe(slack?.key);
  expect(mails[0]).toContain('To: ops@example.org');
  expect(mails[0]).toContain('The beat "load" of orders.import failed: two & two');
  expect(mails[0]).toContain(`Message-ID: <${hook?.key}@selfheal>`);
});

test('tries again, and one channel that fails keeps no other from telling', async () => {
  failing = 1;
  const told = await escalate(partsOf({ slack: { urlEnv: 'NOT_SET' }, webhook: { url: `${base}/flaky` } }), escalation);
  expect(told).toBe('Slack: could not be told (the variable NOT_SET is not set); webhook: told');
});

test('says that nobody is configured', async () => {
  expect(await escalate(partsOf({}), escalation)).toMatch(/nobody was told/);
});
