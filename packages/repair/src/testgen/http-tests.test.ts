import { describe, expect, it } from 'vitest';
import { generateTests } from './generate-tests.ts';
import { testInput } from './test-rig.ts';

const request = { method: 'POST', route: '/orders/:id', path: '/orders/a%20b', query: { full: 'yes' }, body: { name: "it's" } };
const sample = "import { expect, test } from 'vitest';\ntest('a', () => expect(1).toBe(1));\n";

function bodies(app: string, more: Record<string, string> = {}, path = 'src/app.js'): string[] {
  const files = { [path]: app, 'test/a.test.js': sample, 'package.json': '{ "type": "module" }', ...more };
  const { tests } = generateTests(
    testInput({ files, at: 'x.y.z', category: 'null-access', error: { type: 'TypeError', message: 'm' }, failing: [{ request }] }),
  );
  return tests.map((test) => test.edits[0]?.replace ?? '').filter((text) => text.includes('orders/a%20b'));
}

describe('http tests', () => {
  it('inject a request into fastify', () => {
    const [text] = bodies(
      "import Fastify from 'fastify';\nexport async function buildApp() {\n  const app = Fastify();\n  app.post('/orders/:id', async (x) => x.y.z);\n  return app;\n}\n",
    );
    expect(text).toContain("import { buildApp } from '../src/app.js';");
    expect(text).toContain(
      "  const body = { name: 'it\\'s' };\n  const app = await buildApp();\n  const response = await app.inject({ method: 'POST', url: '/orders/a%20b?full=yes', payload: body });\n  expect(response.statusCode).toBeLessThanOrEqual(499);",
    );
  });

  it('listen on a free port for express, koa and node', () => {
    const apps = [
      "import express from 'express';\nexport const app = express();\napp.post('/orders/:id', (x) => x.y.z);\n",
      "import Koa from 'koa';\nconst app = new Koa();\napp.use((x) => x.y.z);\nexport default app;\n",
      "import { createServer } from 'node:http';\nexport function makeServer() {\n  return createServer((x) => x.y.z);\n}\n",
    ];
    for (const app of apps) {
      const [text = ''] = bodies(app);
      expect(text).toMatch(
        /\.listen\(0\);\n {2}try \{\n {4}const \{ port \} = server\.address\(\);\n {4}const response = await fetch\(`http:\/\/127\.0\.0\.1:\$\{port\}\/orders\/a%20b\?full=yes`/,
      );
      expect(text).toContain('} finally {\n    server.close();\n  }');
    }
  });

  it('use supertest where the repository has it', () => {
    const [text] = bodies("import express from 'express';\nexport const createApp = () => express().post('/orders/:id', (x) => x.y.z);\n", {
      'package.json': '{ "type": "module", "devDependencies": { "supertest": "7" } }',
    });
    expect(text).toContain("import request from 'supertest';");
    expect(text).toContain("await request(createApp()).post('/orders/a%20b?full=yes').send(body);");
  });

  it('ask a hono app directly', () => {
    const [text] = bodies(
      "import { Hono } from 'hono';\nconst app = new Hono();\napp.post('/orders/:id', (x) => x.y.z);\nexport { app };\n",
    );
    expect(text).toContain(
      "await app.request('/orders/a%20b?full=yes', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });",
    );
  });

  it('take the port as a number in TypeScript', () => {
    const files = {
      'src/app.ts': "import express from 'express';\nexport const app = express();\napp.post('/orders/:id', (x) => x.y.z);\n",
      'test/a.test.ts': sample,
      'package.json': '{}',
    };
    const { tests } = generateTests(
      testInput({ files, at: 'x.y.z', category: 'null-access', error: { type: 'TypeError', message: 'm' }, failing: [{ request }] }),
    );
    expect(tests.map((test) => test.edits[0]?.replace).join()).toContain('const { port } = server.address() as AddressInfo;');
  });

  it('prefer an app that does not open a port when it is loaded', () => {
    const texts = bodies(
      "import express from 'express';\nexport const app = express();\napp.post('/orders/:id', (x) => x.y.z);\napp.listen(80);\n",
      { 'src/quiet.js': "import express from 'express';\nexport const createApp = () => express();\n" },
    );
    expect(texts[0]).toContain('createApp()');
  });

  it('find no app where none is exported', () => {
    expect(bodies("import express from 'express';\nconst app = express();\napp.post('/orders/:id', (x) => x.y.z);\n")).toEqual([]);
  });
});
