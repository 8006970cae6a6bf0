import { createHash } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { NotifyConfig, Plugin } from '@selfheal/contracts';
import type { Escalation } from '@selfheal/temporal';
import { createTransport } from 'nodemailer';
import type { HostParts } from './parts.ts';

const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const TIMEOUT_MS = 10_000;

/** What people are told; the id is the attempt's, so that a receiver knows a repetition. */
interface Message {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly escalation: Escalation;
}

/** One way of telling people. */
interface Channel {
  readonly name: string;
  send(message: Message): Promise<void>;
}

/** Tells people, on every channel that is configured. Returns who was told, in words: a channel that fails keeps no other from telling. */
export async function escalate(
  { project, plugins, env }: Pick<HostParts, 'project' | 'plugins' | 'env'>,
  escalation: Escalation,
): Promise<string> {
  const channels = [...channelsOf(project.config.notify, env), ...plugins.flatMap(pluginChannels)];
  if (channels.length === 0) return 'nobody was told: no channel is configured under "notify"';
  const { failure, why, attemptId } = escalation;
  const subject = `selfheal: ${failure.sequence} needs a person at "${failure.beat}"`;
  const text = [
    `The beat "${failure.beat}" of ${failure.sequence} failed: ${failure.error.message}`,
    why,
    `Attempt: ${attemptId}. All of it: selfheal attempts show ${JSON.stringify(attemptId)}`,
  ].join('\n\n');
  const message = { id: createHash('sha256').update(attemptId).digest('hex').slice(0, 32), subject, text, escalation };
  const told = await Promise.all(channels.map(async (channel) => `${channel.name}: ${await tell(channel, message)}`));
  return told.join('; ');
}

async function tell(channel: Channel, message: Message): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      await channel.send(message);
      return 'told';
    } catch (error) {
      if (attempt >= ATTEMPTS) return `could not be told (${error instanceof Error ? error.message : String(error)})`;
      await after(PAUSE_MS);
    }
  }
}

function channelsOf({ slack, email, webhook }: NotifyConfig, env: NodeJS.ProcessEnv): Channel[] {
  return [
    ...(slack === undefined ? [] : [slackChannel(slack.urlEnv, env)]),
    ...(email === undefined ? [] : [emailChannel(email, env)]),
    ...(webhook === undefined ? [] : [webhookChannel(webhook.url)]),
  ];
}

/** Slack's incoming webhooks: a JSON object with a text. */
function slackChannel(variable: string, env: NodeJS.ProcessEnv): Channel {
  return {
    name: 'Slack',
    send: ({ subject, text, id }) => post(needed(env, variable), { text: `*${escaped(subject)}*\n${escaped(text)}` }, id),
  };
}

function webhookChannel(url: string): Channel {
  return {
    name: 'webhook',
    send: ({ subject, text, id, escalation: { failure, projectId, attemptId, why } }) => {
      const { sequence, beat, handler, workflowId, error } = failure;
      const about = { sequence, beat, handler, workflowId, error: { type: error.type, message: error.message } };
      return post(url, { type: 'remediation.escalated', id, projectId, attemptId, why, subject, text, ...about }, id);
    },
  };
}

function emailChannel({ to, from, smtpEnv }: NonNullable<NotifyConfig['email']>, env: NodeJS.ProcessEnv): Channel {
  return {
    name: 'e-mail',
    async send({ subject, text, id }) {
      const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
      const transport = createTransport({ url: needed(env, smtpEnv), ...timeouts });
      try {
        await transport.sendMail({ from, to: [...to], subject, text, messageId: `<${id}@selfheal>` });
      } finally {
        transport.close();
      }
    },
  };
}

function pluginChannels(plugin: Plugin): Channel[] {
  return (plugin.notifiers ?? []).map(({ name, notify }) => ({
    name,
    send: ({ text, escalation: { failure, attemptId, why } }) =>
      notify({ type: 'remediation.escalated', text, data: { attemptId, why, sequence: failure.sequence, beat: failure.beat } }),
  }));
}

async function post(url: string, body: object, id: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}

function needed(env: NodeJS.ProcessEnv, variable: string): string {
  const value = env[variable];
  if (value === undefined || value === '') throw new Error(`the variable ${variable} is not set`);
  return value;
}

/** Slack's three control characters: what comes from an error must not mention everybody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
