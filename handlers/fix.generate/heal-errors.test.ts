import { describe, expect, it } from 'vitest';
import { errorAnomaly, fixRig, type Generated, generateFix } from './fix-rig.ts';

interface Fault {
  readonly code: string;
  readonly name: string;
  /** A check of the repository's own test. */
  readonly works: string;
  /** Code that fails as production did. */
  readonly run: string;
  readonly calls: Parameters<typeof errorAnomaly>[1]['calls'];
}

async function heal({ code, name, works, run, calls }: Fault): Promise<Generated> {
  await using rig = await fixRig({
    'package.json': '{ "name": "x", "scripts": { "test": "node --test" } }',
    'lib/a.js': code,
    'test/a.test.js': `const test = require('node:test')\nconst assert = require('node:assert')\nconst { ${name} } = require('../lib/a')\n\ntest('works', async () => {\n  ${works}\n})\n`,
  });
  const anomaly = await errorAnomaly(rig.root, { run, ...(calls ? { calls } : {}), operation: name });
  return await generateFix(rig, await rig.diagnose(anomaly));
}

/** Throws as a handler does that a framework calls: the stack leads to a line of the app and to no function that is exported. */
function thrownAt(property: string, line: number): string {
  const message = `Cannot read properties of undefined (reading '${property}')`;
  return `const error = new TypeError(${JSON.stringify(message)}); error.stack = 'TypeError: ' + error.message + '\\n    at ' + process.cwd() + '/lib/a.js:${line}:30'; throw error`;
}

const faults: [string, Fault, { template: string; fix: string; test: string }][] = [
  [
    'a missing await',
    {
      code: "async function load(id) {\n  return { id, name: 'x' }\n}\n\nasync function nameOf(id) {\n  const user = load(id)\n  return user.name.toUpperCase()\n}\n\nmodule.exports = { load, nameOf }\n",
      name: 'load',
      works: 'assert.strictEqual((await load(1)).id, 1)',
      run: "await require('./lib/a').nameOf(7)",
      calls: [{ input: 7 }],
    },
    { template: 'add-await', fix: '+  const user = await load(id)', test: '+  await assert.doesNotReject(nameOf(7))' },
  ],
  [
    'text that is not JSON',
    {
      code: 'function settings(text) {\n  if (!text) return {}\n  const data = JSON.parse(text)\n  return data\n}\n\nmodule.exports = { settings }\n',
      name: 'settings',
      works: 'assert.deepStrictEqual(settings(\'{"a":1}\'), { a: 1 })',
      run: "require('./lib/a').settings('{oops')",
      calls: [{ input: '{oops' }],
    },
    {
      template: 'guard-throwing-call',
      fix: '+  } catch {\n+    return {}\n+  }',
      test: "+  assert.deepStrictEqual(settings('{oops'), {})",
    },
  ],
  [
    'an invalid date',
    {
      code: 'function day(order) {\n  if (!order) return null\n  const at = new Date(order.placedAt)\n  return at.toISOString().slice(0, 10)\n}\n\nmodule.exports = { day }\n',
      name: 'day',
      works: "assert.strictEqual(day({ placedAt: '2026-01-02T00:00:00Z' }), '2026-01-02')",
      run: "require('./lib/a').day({ placedAt: 'soon' })",
      calls: [{ input: { placedAt: 'soon' } }],
    },
    {
      template: 'check-date',
      fix: '+  if (Number.isNaN(at.getTime())) return null',
      test: "+  assert.strictEqual(day({ placedAt: 'soon' }), null)",
    },
  ],
  [
    'a loop that runs past the end',
    {
      code: 'function lastOf(list) {\n  for (let i = 0; i <= list.length; i++) {\n    if (list[i].final) return list[i]\n  }\n  return null\n}\n\nmodule.exports = { lastOf }\n',
      name: 'lastOf',
      works: 'assert.deepStrictEqual(lastOf([{ final: true }]), { final: true })',
      run: "require('./lib/a').lastOf([{ n: 1 }])",
      calls: [{ input: [{ n: 1 }] }],
    },
    {
      template: 'change-condition',
      fix: '+  for (let i = 0; i < list.length; i++) {',
      test: '+  assert.strictEqual(lastOf([{ n: 1 }]), null)',
    },
  ],
  [
    'a misspelt name',
    {
      code: 'function total(price, quantity) {\n  if (quantity > 10) return price * quantiy * 0.9\n  return price * quantity\n}\n\nmodule.exports = { total }\n',
      name: 'total',
      works: 'assert.strictEqual(total(2, 3), 6)',
      run: "require('./lib/a').total(2, 11)",
      calls: [{ input: [2, 11] }],
    },
    {
      template: 'nearest-name',
      fix: '+  if (quantity > 10) return price * quantity * 0.9',
      test: '+  assert.doesNotThrow(() => total(2, 11))',
    },
  ],
  [
    'a renamed field',
    {
      code: 'function label(customer) {\n  return customer.fullName.trim()\n}\n\nmodule.exports = { label }\n',
      name: 'label',
      works: "assert.strictEqual(typeof label, 'function')",
      run: "require('./lib/a').label({ full_name: 'Ada ' })",
      calls: [{ input: { full_name: 'Ada ' } }, { input: { full_name: 'Bob ' } }],
    },
    {
      template: 'rename-field',
      fix: '+  return customer.full_name.trim()',
      test: "+  assert.doesNotThrow(() => label({ full_name: 'Ada ' }))",
    },
  ],
  [
    'a value of an injected dependency that is not there, with nothing logged',
    {
      code: 'async function cityOf(db, id) {\n  const user = await db.findUser(id)\n  return user.address.city\n}\n\nmodule.exports = { cityOf }\n',
      name: 'cityOf',
      works: "assert.strictEqual(await cityOf({ findUser: async () => ({ address: { city: 'X' } }) }, 1), 'X')",
      run: "await require('./lib/a').cityOf({ findUser: async () => null }, 1)",
      calls: [],
    },
    { template: 'guard-null', fix: '+  if (!user) {\n+    return null\n+  }', test: '+  const db = { findUser: async () => undefined }' },
  ],
  [
    'a server that answers 500, seen over HTTP',
    {
      code: "const http = require('node:http')\n\nfunction createServer() {\n  return http.createServer((req, res) => {\n    let text = ''\n    req.on('data', (chunk) => { text += chunk })\n    req.on('end', () => {\n      try {\n        const body = JSON.parse(text)\n        res.end(JSON.stringify({ city: body.address.city }))\n      } catch (error) {\n        res.statusCode = 500\n        res.end()\n      }\n    })\n  })\n}\n\nmodule.exports = { createServer }\n",
      name: 'createServer',
      works: 'assert.ok(createServer())',
      run: 'const error = new TypeError("Cannot read properties of undefined (reading \'city\')"); error.stack = "TypeError: " + error.message + "\\n    at IncomingMessage.<anonymous> (" + process.cwd() + "/lib/a.js:10:58)"; throw error',
      calls: [{ request: { method: 'POST', path: '/x', body: { name: 'y' } } }],
    },
    {
      template: 'guard-null',
      fix: "+          res.writeHead(400, { 'content-type': 'application/json' })",
      test: "+    assert.ok(response.status <= 499, 'the server must not fail')",
    },
  ],
  [
    'a Koa application that answers 500, seen over HTTP',
    {
      code: "const Koa = require('koa')\nconst Router = require('@koa/router')\n\nfunction createApp() {\n  const app = new Koa()\n  app.silent = true\n  const router = new Router()\n  router.get('/orders/:id', async (ctx) => {\n    const found = { 7: { city: 'Bergen' } }[ctx.params.id]\n    ctx.body = { city: found.city }\n  })\n  return app.use(router.routes())\n}\n\nmodule.exports = { createApp }\n",
      name: 'createApp',
      works: 'assert.ok(createApp())',
      run: thrownAt('city', 10),
      calls: [{ request: { method: 'GET', path: '/orders/9' } }],
    },
    { template: 'guard-null', fix: '+      ctx.status = 400', test: '+  const server = createApp().listen(0)' },
  ],
  [
    'a Hono application that answers 500, asked without a port',
    {
      code: "const { Hono } = require('hono')\n\nfunction createApp() {\n  const app = new Hono()\n  app.onError((error, c) => c.text('internal error', 500))\n  app.post('/orders', async (c) => {\n    const order = await c.req.json()\n    return c.json({ city: order.address.city })\n  })\n  return app\n}\n\nmodule.exports = { createApp }\n",
      name: 'createApp',
      works: 'assert.ok(createApp())',
      run: thrownAt('city', 8),
      calls: [{ request: { method: 'POST', path: '/orders', body: { name: 'y' } } }],
    },
    {
      template: 'guard-null',
      fix: '+      return c.json({ error:',
      test: "+  const response = await createApp().request('/orders', { method: 'POST'",
    },
  ],
];

describe('an error that production showed', () => {
  it.each(faults)('is mended and guarded by a test: %s', async (_title, fault, wanted) => {
    const { patch, search, completed, integrity } = await heal(fault);
    expect(completed.summary).toContain('Fix found');
    expect(integrity).toEqual({ valid: true, violations: [] });
    expect(search.candidate?.template).toBe(wanted.template);
    expect(patch?.diff).toContain(wanted.fix);
    expect(patch?.diff).toContain(wanted.test);
  });
});
