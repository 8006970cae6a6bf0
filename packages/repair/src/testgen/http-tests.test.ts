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

  it('give supertest what it can ask, and take it in as the modules of the test do', () => {
    const koa = {
      'src/app.js':
        "const Koa = require('koa');\nfunction createApp() {\n  return new Koa().use((x) => x.y.z);\n}\nmodule.exports = { createApp };\n",
      'test/a.test.js': "const assert = require('node:assert');\nit('a', () => assert.ok(true));\n",
      'package.json': '{ "devDependencies": { "supertest": "7" } }',
    };
    const { tests } = generateTests(
      testInput({ files: koa, at: 'x.y.z', category: 'null-access', error: { type: 'TypeError', message: 'm' }, failing: [{ request }] }),
    );
    const text = tests.map((test) => test.edits[0]?.replace).join();
    expect(text).toContain("const request = require('supertest');");
    expect(text).toContain("await request(createApp().callback()).post('/orders/a%20b?full=yes').send(body);");
  });

  it.each([
    [
      { '@nestjs/testing': '11', supertest: '7' },
      [
        "import { Test } from '@nestjs/testing';",
        '  const app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();\n  await app.init();\n  try {\n',
        "    const response = await request(app.getHttpServer()).post('/orders/a%20b?full=yes').send(body);",
        '  } finally {\n    await app.close();\n  }',
      ],
    ],
    [
      {},
      [
        "import { NestFactory } from '@nestjs/core';",
        '  const app = await NestFactory.create(AppModule, { logger: false });\n  await app.listen(0);\n',
        'const { port } = app.getHttpServer().address() as AddressInfo;',
      ],
    ],
  ])('make a NestJS application by its root module (%j)', (devDependencies, expected) => {
    const files = {
      'src/orders.controller.ts':
        "import { Controller, Param, Post } from '@nestjs/common';\n@Controller('orders')\nexport class OrdersController {\n  @Post(':id')\n  show(@Param('id') id: string) {\n    return x.y.z;\n  }\n}\n",
      'src/orders.module.ts':
        "import { Module } from '@nestjs/common';\nimport { OrdersController } from './orders.controller.ts';\n@Module({ controllers: [OrdersController] })\nexport class OrdersModule {}\n",
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { OrdersModule } from './orders.module.ts';\n@Module({ imports: [OrdersModule] })\nexport class AppModule {}\n",
      'test/a.test.ts': sample,
      'package.json': JSON.stringify({ dependencies: { '@nestjs/core': '11' }, devDependencies }),
    };
    const { tests } = generateTests(
      testInput({ files, at: 'x.y.z', category: 'null-access', error: { type: 'TypeError', message: 'm' }, failing: [{ request }] }),
    );
    const text = tests.map((test) => test.edits[0]?.replace).find((one) => one?.includes('AppModule'));
    for (const part of expected) expect(text).toContain(part);
  });

  it('make the app as the tests of the repository do, in the package that it is in', () => {
    const member = { name: 'node:test' as const, command: 'node --test' };
    const files = {
      'packages/price/price.js': 'export const price = (x) => x.y.z;\n',
      'packages/price/package.json': '{ "name": "price", "type": "module" }',
      'packages/price/price.test.js': "import { test } from 'node:test';\ntest('a', () => {});\n",
      'apps/api/package.json': '{ "name": "api", "type": "module" }',
      'apps/api/app.js': "import Fastify from 'fastify';\nexport function buildApp(db) {\n  return Fastify();\n}\n",
      'apps/api/test/app.test.js':
        "import { test } from 'node:test';\nimport { memory } from 'store';\nimport { buildApp } from '../app.js';\ntest('a', () => buildApp(memory({ rows: 1 })));\n",
    };
    const runner = {
      ...member,
      testFiles: [],
      members: [
        { ...member, folder: 'apps/api', testFiles: ['apps/api/test/app.test.js'] },
        { ...member, folder: 'packages/price', testFiles: ['packages/price/price.test.js'] },
      ],
    };
    const { tests } = generateTests(
      testInput({
        files,
        runner,
        at: 'x.y.z',
        category: 'null-access',
        error: { type: 'TypeError', message: 'm' },
        failing: [{ request }],
      }),
    );
    expect(tests.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['packages/price/price-regression.test.js', 'apps/api/test/price-regression.test.js']),
    );
    const served = tests.find(({ file }) => file.startsWith('apps/api'));
    expect(served?.edits[0]?.replace).toContain("import { memory } from 'store';");
    expect(served?.edits[0]?.replace).toContain('const app = buildApp(memory({ rows: 1 }));');
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
