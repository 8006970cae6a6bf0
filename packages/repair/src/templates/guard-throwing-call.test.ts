import { describe, expect, it } from 'vitest';
import { guardThrowingCall } from './guard-throwing-call.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, at: string, path = 'a.js') =>
  repaired(guardThrowingCall, { files: { [path]: text }, at, category: 'unguarded-parse' });

describe('guardThrowingCall', () => {
  it('catches in the declaration and leaves by the convention of the function', () => {
    const text = 'function read(text) {\n  if (!text) return null;\n  const data = JSON.parse(text);\n  return data.name;\n}\n';
    expect(of(text, 'JSON.parse')[0]).toBe(
      'function read(text) {\n  if (!text) return null;\n  let data;\n  try {\n    data = JSON.parse(text);\n  } catch {\n    return null;\n  }\n  return data.name;\n}\n',
    );
  });

  it('answers 400 in a request handler', () => {
    const text = "app.post('/x', (req, res) => {\n  const body = JSON.parse(req.body);\n  res.json(body);\n});\n";
    expect(of(text, 'JSON.parse')[0]).toContain(
      "  } catch {\n    return res.status(400).json({ error: 'invalid request' });\n  }\n  res.json(body);",
    );
  });

  it('answers in the way of fastify, koa, hono and node', () => {
    const handlers = [
      [
        "app.post('/x', async (request, reply) => {\n  const a = JSON.parse(request.body.a);\n  return a;\n});\n",
        "return reply.code(400).send({ error: 'invalid request' });",
      ],
      ['router.post(async (ctx) => {\n  const a = JSON.parse(ctx.request.rawBody);\n  ctx.body = a;\n});\n', 'ctx.status = 400;'],
      [
        "app.post('/x', async (c) => {\n  const a = JSON.parse(await c.req.text());\n  return c.json(a);\n});\n",
        "return c.json({ error: 'invalid request' }, 400);",
      ],
      [
        'createServer((req, res) => {\n  const a = JSON.parse(text);\n  res.writeHead(200);\n  res.end(a.b);\n});\n',
        "res.writeHead(400, { 'content-type': 'application/json' });",
      ],
    ] as const;
    for (const [text, answer] of handlers) expect(of(text, 'JSON.parse')[0]).toContain(answer);
  });

  it('catches around a return and keeps types and patterns', () => {
    expect(of('function f(t) {\n  return JSON.parse(t);\n}\n', 'JSON.parse')[0]).toContain(
      '  try {\n    return JSON.parse(t);\n  } catch {\n    return ',
    );
    expect(
      of('function f(t: string): number | null {\n  const a: A = JSON.parse(t);\n  return a.n;\n}\n', 'JSON.parse', 'a.ts')[0],
    ).toContain('let a: A;\n  try {\n    a = JSON.parse(t);');
    expect(of('function f(t) {\n  const { a } = JSON.parse(t);\n  return a;\n}\n', 'JSON.parse')[0]).toContain(
      'let parsed;\n  try {\n    parsed = JSON.parse(t);\n  } catch {',
    );
  });

  it('also knows decodeURIComponent and new URL', () => {
    expect(of('function f(t) {\n  return decodeURIComponent(t);\n}\n', 'decodeURI')).not.toEqual([]);
    expect(of('function f(t) {\n  return new URL(t).host;\n}\n', 'new URL')).not.toEqual([]);
  });

  it('leaves what is caught alone', () => {
    expect(of('function f(t) {\n  try {\n    return JSON.parse(t);\n  } catch {\n    return null;\n  }\n}\n', 'JSON.parse')).toEqual([]);
  });
});
