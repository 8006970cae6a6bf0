import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request. */
export type ModelBehaviour =
  /** Answers with the text (or the value as JSON), in the protocol of the request. */
  | { readonly answer: unknown; readonly usage?: { readonly input: unknown; readonly output: unknown } | null }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Takes the request and never answers. */
  | 'hang'
  /** Sends the headers and then a blank now and then, for ever. */
  | 'drip'
  /** Sends half of an answer and closes the connection. */
  | 'die'
  /** Writes an answer without end. */
  | 'flood';

export interface ModelRequestSeen {
  readonly api: 'anthropic' | 'openai';
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly system: string;
    readonly messages: readonly { role: string; content: string }[];
    readonly raw: Readonly<Record<string, unknown>>;
  };
}

/** A server on this machine that speaks both protocols of models over real HTTP. */
export interface ModelServer extends AsyncDisposable {
  /** To be given as the base URL: of Anthropic's protocol, and of OpenAI's. */
  readonly anthropicUrl: string;
  readonly openAiUrl: string;
  readonly requests: readonly ModelRequestSeen[];
  close(): Promise<void>;
}

/** Answers each request as `behave` says; it is given the request and how many came before. */
export async function startModelServer(
  behave: (request: ModelRequestSeen, index: number) => ModelBehaviour | Promise<ModelBehaviour>,
): Promise<ModelServer> {
  const requests: ModelRequestSeen[] = [];
  const server = createServer((incoming, response) => {
    readRequest(incoming)
      .then(async (request) => {
        requests.push(request);
        respond(response, request.api, await behave(request, requests.length - 1));
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { anthropicUrl: origin, openAiUrl: `${origin}/v1`, requests, close, [Symbol.asyncDispose]: close };
}

async function readRequest(incoming: IncomingMessage): Promise<ModelRequestSeen> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const raw: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  const messages = Array.isArray(raw.messages) ? raw.messages : [];
  const api = incoming.url?.includes('/chat/completions') ? 'openai' : 'anthropic';
  const system =
    api === 'openai'
      ? messages
          .filter(({ role }) => role === 'system')
          .map(({ content }) => content)
          .join('\n')
      : String(raw.system ?? '');
  return { api, headers: incoming.headers, body: { system, messages: messages.filter(({ role }) => role !== 'system'), raw } };
}

function respond(response: ServerResponse, api: ModelRequestSeen['api'], behaviour: ModelBehaviour): void {
  const json = { 'content-type': 'application/json' };
  if (behaviour === 'hang') return;
  if (behaviour === 'drip') {
    response.writeHead(200, json);
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
  } else if (behaviour === 'die') {
    response.writeHead(200, { ...json, 'content-length': '1000' });
    response.write('{"id":"half', () => response.destroy());
  } else if (behaviour === 'flood') {
    response.writeHead(200, json);
    const chunk = ' '.repeat(1 << 16);
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  } else if ('status' in behaviour) response.writeHead(behaviour.status, { ...json, ...behaviour.headers }).end(behaviour.body ?? '{}');
  else {
    const text = typeof behaviour.answer === 'string' ? behaviour.answer : JSON.stringify(behaviour.answer);
    response
      .writeHead(200, json)
      .end(JSON.stringify(api === 'openai' ? completionOf(text, behaviour.usage) : messageOf(text, behaviour.usage)));
  }
}

function completionOf(text: string, usage: { input: unknown; output: unknown } | null | undefined): unknown {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'test',
    choices: [{ index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant', content: text, refusal: null } }],
    ...(usage === null
      ? {}
      : { usage: { prompt_tokens: usage?.input ?? 1_000, completion_tokens: usage?.output ?? 100, total_tokens: 1_100 } }),
  };
}

function messageOf(text: string, usage: { input: unknown; output: unknown } | null | undefined): unknown {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'test',
    stop_reason: 'end_turn',
    stop_sequence: null,
    content: [{ type: 'text', text }],
    ...(usage === null ? {} : { usage: { input_tokens: usage?.input ?? 1_000, output_tokens: usage?.output ?? 100 } }),
  };
}
