import { describe, expect, test } from 'vitest';
import { indexCodebase } from './index-codebase.ts';

function index(files: Record<string, string>, rootFiles: string[] = []) {
  const snapshot = { commit: 'c', files, leftOut: [] };
  return indexCodebase(snapshot, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles });
}

/** `name exportedAs` of all functions. */
function functionsOf(files: Record<string, string>) {
  return index(files).functions.map((one) => `${one.name} ${one.exportedAs ?? '-'}`);
}

function routesOf(files: Record<string, string>) {
  const { routes, functions } = index(files);
  return Object.fromEntries(
    routes.map((route) => [`${route.method} ${route.path}`, functions.find((one) => one.id === route.functionId)?.name]),
  );
}

/** `caller -> callee` of all calls. */
function callsOf(files: Record<string, string>) {
  const { functions } = index(files);
  const name = (id: string) => functions.find((one) => one.id === id)?.name;
  return functions.flatMap((one) => one.calls.map((id) => `${one.name} -> ${name(id)}`)).sort();
}

describe('functions', () => {
  test('of an ES module', () => {
    const source = `
export function declared(a, b = 1, ...rest) {}
export const arrow = async (x) => x;
const inner = function () {};
export { inner as renamed };
export default class Store {
  static open() {}
  constructor() {}
  find = (id) => id;
  get size() { return 1; }
  async #load() {}
}
export const api = { list() {}, remove: (id) => id };
function hidden() { function nested() {} }
export const total = [1].reduce((a, b) => a + b);
`;
    expect(functionsOf({ 'a.mjs': source })).toEqual([
      'declared declared',
      'arrow arrow',
      'inner renamed',
      'Store.open default.open',
      'Store.constructor default#constructor',
      'Store.find default#find',
      'Store.size default#size',
      'Store.#load default##load',
      'api.list api.list',
      'api.remove api.remove',
      'hidden -',
      'nested -',
    ]);
  });

  test('of a CommonJS module', () => {
    const source = `
exports.one = function () {};
module.exports.two = () => {};
function three() {}
class Four { run() {} }
module.exports = { three, Four, five() {}, six: function () {}, seven: async () => {} };
Four.prototype.eight = function () {};
`;
    expect(functionsOf({ 'a.js': source })).toEqual([
      'one one',
      'two two',
      'three three',
      'Four.run Four#run',
      'five five',
      'six six',
      'seven seven',
      'Four.eight Four#eight',
    ]);
  });

  test('of modules that are one function, one class, one instance, or a wrapped function', () => {
    expect(functionsOf({ 'a.js': 'module.exports = function build() {};\n' })).toEqual(['build module.exports']);
    expect(functionsOf({ 'a.js': 'module.exports = class { run() {} };\n' })).toEqual(['run module.exports#run']);
    expect(functionsOf({ 'a.js': 'class Store { find() {} }\nmodule.exports = new Store();\n' })).toEqual(['Store.find find']);
    expect(functionsOf({ 'a.js': 'class Store { find() {} }\nexport const store = new Store();\n' })).toEqual(['Store.find store.find']);
    expect(functionsOf({ 'a.js': 'export const handler = wrap(async (event) => event);\n' })).toEqual(['handler handler']);
    expect(functionsOf({ 'a.js': 'export default async () => {};\n' })).toEqual(['default default']);
    expect(functionsOf({ 'a.js': 'export default { run() {} };\n' })).toEqual(['default.run default.run']);
  });

  test('carry parameters, types, also those of JSDoc', () => {
    const info = index({
      'a.ts':
        'export async function find(id: string, limit?: number, { deep }: { deep: boolean } = { deep: false }): Promise<number> { return 1; }\n',
      'b.js': '/**\n * @param {string} id\n * @returns {number}\n */\nexport function size(id) { return id.length; }\n',
    });
    expect(info.functions).toMatchObject([
      {
        id: 'a.ts#find@1',
        async: true,
        returnType: 'Promise<number>',
        params: [
          { name: 'id', type: 'string', optional: false },
          { name: 'limit', type: 'number', optional: true },
          { name: '{ deep }', optional: true },
        ],
      },
      { id: 'b.js#size@5', returnType: 'number', params: [{ name: 'id', type: 'string' }] },
    ]);
  });

  test('of a file with syntax errors are read as far as they go', () => {
    expect(functionsOf({ 'a.js': 'export function good() {}\nexport function bad( {\n' })).toContain('good good');
  });
});

describe('calls', () => {
  test('are resolved over imports, requires, re-exports, namespaces, classes and instances', () => {
    const files = {
      'lib/math.js': 'exports.add = (a, b) => a + b;\nmodule.exports.twice = (a) => exports.add(a, a);\n',
      'lib/index.js': "module.exports = { ...require('./math'), log: require('./log').log };\n",
      'lib/log.js': 'exports.log = () => {};\n',
      'main.js':
        "const { add, log } = require('./lib');\nconst math = require('./lib/math.js');\nfunction main() {\n  add(1, 2);\n  math.twice(3);\n  log();\n}\nmodule.exports = main;\n",
    };
    expect(callsOf(files)).toEqual(['main -> add', 'main -> log', 'main -> twice']);
  });

  test('of TypeScript follow output names, barrels and path aliases', () => {
    const files = {
      'tsconfig.json': '{ // comment\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }',
      'src/store.ts': 'export class Store {\n  find(id: string) { return this.read(id); }\n  private read(id: string) { return id; }\n}\n',
      'src/index.ts': "export * from './store.js';\nexport { help as assist } from './help';\n",
      'src/help.ts': 'export const help = () => 1;\n',
      'src/main.ts':
        "import { Store, assist } from '@/index';\nimport * as all from './index.js';\nconst store = new Store();\nexport function main(other: Store) {\n  store.find('x');\n  assist();\n  all.assist();\n  return other.find('y');\n}\n",
    };
    expect(callsOf(files)).toEqual(['Store.find -> Store.read', 'main -> Store.find', 'main -> help']);
  });

  test('of a workspace package, of package imports, of callbacks passed on, and of methods known by name alone', () => {
    const files = {
      'package.json': '{"name":"root","imports":{"#util":"./util.js"}}',
      'packages/core/package.json': '{"name":"@x/core","exports":{".":"./src/core.js"}}',
      'packages/core/src/core.js': 'export function core() {}\n',
      'util.js': 'export const trim = (x) => x;\nexport function makeStock() {\n  return { stockOf(sku) { return sku; } };\n}\n',
      'main.js':
        "import { core } from '@x/core';\nimport { trim } from '#util';\nexport const run = (names, stock) => {\n  core();\n  stock.stockOf('x');\n  return names.map(trim);\n};\n",
    };
    expect(callsOf(files)).toEqual(['run -> core', 'run -> stockOf', 'run -> trim']);
  });

  test('never lead to a function that only shares its name with a method of the language', () => {
    expect(
      callsOf({ 'a.js': 'class Store { get(id) {} push(x) {} }\nexport function f(map, list) {\n  map.get(1);\n  list.push(2);\n}\n' }),
    ).toEqual([]);
  });
});

describe('routes', () => {
  test('of express: routers with prefixes, chains, wrappers, arrays and controllers', () => {
    const files = {
      'app.js':
        "const express = require('express');\nconst orders = require('./orders');\nconst app = express();\napp.use(express.json());\napp.use('/api', orders);\napp.use('/admin', require('./admin')());\napp.get('/health', (req, res) => res.send('ok'));\napp.get('env');\nmodule.exports = app;\n",
      'orders.js':
        "const { Router } = require('express');\nconst controller = require('./controller');\nconst router = Router();\nconst wrap = (handler) => (req, res, next) => handler(req, res).catch(next);\nrouter.get('/orders/:id', auth, wrap(controller.show));\nrouter.route('/orders').get(controller.list).post([auth, controller.create]);\nrouter.delete(['/orders/:id', '/old/:id'], controller.remove.bind(controller));\nfunction auth() {}\nmodule.exports = router;\n",
      'controller.js':
        'class Controller {\n  async show() {}\n  list() {}\n  create() {}\n  remove() {}\n}\nmodule.exports = new Controller();\n',
      'admin.js':
        "const express = require('express');\nmodule.exports = function adminRoutes() {\n  const router = express.Router();\n  router.post('/reset', function reset(req, res) {});\n  return router;\n};\n",
    };
    expect(routesOf(files)).toEqual({
      'GET /health': 'GET /health',
      'GET /api/orders/:id': 'Controller.show',
      'GET /api/orders': 'Controller.list',
      'POST /api/orders': 'Controller.create',
      'DELETE /api/orders/:id': 'Controller.remove',
      'DELETE /api/old/:id': 'Controller.remove',
      'POST /admin/reset': 'reset',
    });
  });

  test('of fastify: options, route objects, plugins with prefix, applications passed on', () => {
    const files = {
      'app.ts':
        "import Fastify from 'fastify';\nimport { orderRoutes } from './orders.ts';\nimport users from './users.ts';\nexport function build() {\n  const app = Fastify();\n  orderRoutes(app);\n  app.register(users, { prefix: '/v1' });\n  app.register(async (inner) => { inner.get('/ping', async () => 'pong'); }, { prefix: '/internal' });\n  return app;\n}\n",
      'orders.ts':
        "export function orderRoutes(app: FastifyInstance): void {\n  app.get<{ Params: { id: string } }>('/orders/:id', { schema: {} }, async (request) => request.params.id);\n  app.route({ method: ['GET', 'HEAD'], url: '/orders', handler: listOrders });\n}\nasync function listOrders() {}\n",
      'users.ts': "export default async function users(app) {\n  app.post('/users', { handler: create });\n}\nfunction create() {}\n",
    };
    expect(routesOf(files)).toEqual({
      'GET /orders/:id': 'GET /orders/:id',
      'GET /orders': 'listOrders',
      'HEAD /orders': 'listOrders',
      'POST /v1/users': 'create',
      'GET /internal/ping': 'GET /internal/ping',
    });
  });

  test('of koa, hono and hapi', () => {
    const files = {
      'koa.js':
        "const Router = require('@koa/router');\nconst router = new Router({ prefix: '/shop' });\nconst items = new Router();\nitems.get('/items', async (ctx) => {});\nrouter.use('/v2', items.routes());\nrouter.put('/cart', putCart);\nasync function putCart() {}\n",
      'hono.ts':
        "import { Hono } from 'hono';\nconst app = new Hono();\nconst books = new Hono();\nbooks.get('/:id', (c) => c.text('x'));\napp.route('/books', books);\napp.on('PURGE', '/cache', (c) => c.text('x'));\napp.on('GET', '/on', onGet);\nfunction onGet() {}\nexport default app;\n",
      'hapi.js': "server.route([{ method: 'GET', path: '/hapi', options: { handler: hapi } }]);\nfunction hapi() {}\n",
    };
    expect(routesOf(files)).toEqual({
      'GET /shop/v2/items': 'GET /shop/v2/items',
      'PUT /shop/cart': 'putCart',
      'GET /books/:id': 'GET /books/:id',
      'GET /on': 'onGet',
      'GET /hapi': 'hapi',
    });
  });

  test('of plain HTTP: tables, comparisons, patterns', () => {
    const files = {
      'table.js':
        "function list() {}\nfunction show() {}\nfunction add() {}\nexports.routes = { 'GET /a': list, 'GET /a/:id': show };\nexports.more = [{ method: 'POST', path: '/a', handler: add }];\nexports.pairs = [['DELETE', '/a', remove]];\nfunction remove() {}\n",
      'server.js':
        "const http = require('http');\nfunction orders() {}\nfunction order() {}\nhttp.createServer((req, res) => {\n  const url = new URL(req.url, 'http://x');\n  if (req.method === 'GET' && url.pathname === '/orders') return orders(res);\n  if (req.method === 'GET' && url.pathname.match(/^\\/orders\\/([^/]+)$/)) return order(res);\n});\n",
    };
    expect(routesOf(files)).toEqual({
      'GET /a': 'list',
      'GET /a/:id': 'show',
      'POST /a': 'add',
      'DELETE /a': 'remove',
      'GET /orders': 'orders',
      'GET /orders/:1': 'order',
    });
  });

  test('of decorated controllers and of files', () => {
    const files = {
      'orders.controller.ts': "@Controller('orders')\nexport class Orders {\n  @Get(':id')\n  find() {}\n  @Post()\n  create() {}\n}\n",
      'app/api/users/[id]/route.ts': 'export async function GET() {}\nexport const helper = () => 1;\n',
      'pages/api/hello.ts': 'export default function hello() {}\n',
    };
    expect(routesOf(files)).toEqual({
      'GET /orders/:id': 'Orders.find',
      'POST /orders': 'Orders.create',
      'GET /api/users/:id': 'GET',
      'ALL /api/hello': 'hello',
    });
  });

  test('are not made of HTTP clients, maps and tests', () => {
    const files = {
      'client.js':
        "import axios from 'axios';\nexport const load = () => axios.get('/users', transform);\nfunction transform() {}\nconst cache = new Map();\ncache.get('/x');\n",
      'test/app.test.js': "app.get('/only-in-test', () => {});\n",
    };
    expect(routesOf(files)).toEqual({});
  });
});

describe('operations', () => {
  test('are routes, names given where a function is run, and functions by name', () => {
    const info = index({
      'a.js':
        "export function checkout(run) {\n  run('order.reserve', () => reserve());\n  tracer.startActiveSpan('pay', async () => charge());\n  log.info({ handler: 'ship' }, 'done');\n}\nfunction reserve() {}\nfunction charge() {}\nclass Store { find() {} }\n",
      'b.js': 'export function twice() {}\n',
      'c.js': 'export function twice() {}\n',
    });
    const functionOf = (name: string) => info.operations.find((one) => one.operation === name)?.name;
    expect(['order.reserve', 'pay', 'ship', 'checkout', 'Store.find', 'find', 'twice'].map(functionOf)).toEqual([
      'reserve',
      'charge',
      'checkout',
      'checkout',
      'Store.find',
      'Store.find',
      undefined,
    ]);
  });
});

describe('the package', () => {
  test('tells manager, module system, language, tests and changelog', () => {
    const info = index(
      {
        'package.json': '{"name":"shop","type":"module"}',
        'src/a.ts': 'export {};\n',
        'src/a.test.ts': 'x;\n',
        'CHANGELOG.md': '# Changes\n',
      },
      ['pnpm-lock.yaml'],
    );
    expect(info).toMatchObject({
      packageName: 'shop',
      packageManager: 'pnpm',
      moduleSystem: 'esm',
      typescript: true,
      changelog: 'CHANGELOG.md',
    });
    expect(info.files).toEqual([
      { path: 'src/a.ts', lines: 1, test: false },
      { path: 'src/a.test.ts', lines: 1, test: true },
    ]);
  });

  test('without a type is what most of its files are', () => {
    expect(index({ 'package.json': '{}', 'a.js': "const x = require('x');\nmodule.exports = x;\n" }).moduleSystem).toBe('commonjs');
    expect(index({ 'package.json': '{"packageManager":"yarn@4.0.0"}', 'a.ts': 'export const a = 1;\n' })).toMatchObject({
      moduleSystem: 'esm',
      packageManager: 'yarn',
    });
    expect(index({ 'package.json': 'broken', 'a.js': '' }).packageManager).toBe('npm');
  });
});

describe('declared flows', () => {
  test('are read with lines, budgets and waits; other JSON is passed over', () => {
    const document = {
      id: 'checkout',
      tempo: 60,
      movements: [
        {
          beats: [
            { event: 'a', handler: 'doA', budgetMs: 30 },
            { event: 'b', handler: { name: 'doB' }, timing: 'after-beat' },
            { event: 'c', delayMs: 50 },
            {},
          ],
        },
      ],
    };
    const workflow = {
      workflow_id: 'w',
      name: 'W',
      definition: { trigger: { type: 'manual' }, steps: [{ id: 's1', action: { action: 'notify' } }, { id: 's2' }] },
    };
    const info = index({
      'package.json': '{}',
      'flows/checkout.json': JSON.stringify(document, null, 1),
      'flows/w.json': JSON.stringify(workflow),
      'config.json': '{"steps":[{"id":"x"}]}',
      'broken.json': '{"beats":[',
    });
    expect(info.flows).toEqual([
      {
        id: 'checkout',
        file: 'flows/checkout.json',
        steps: [
          { event: 'a', handler: 'doA', line: 7, budgetMs: 30 },
          { event: 'b', handler: 'doB', timing: 'after-beat', line: 12, waitMs: 1000 },
          { event: 'c', line: 19, waitMs: 50 },
        ],
      },
      {
        id: 'w',
        file: 'flows/w.json',
        steps: [
          { event: 's1', handler: 'notify', line: 1 },
          { event: 's2', line: 1 },
        ],
      },
    ]);
  });

  test('are only those that the configuration names, where it names any', () => {
    const flow = JSON.stringify({ id: 'x', beats: [{ event: 'a' }, { event: 'b' }] });
    const snapshot = { commit: 'c', files: { 'package.json': '{}', 'flows/a.json': flow, 'other/b.json': flow }, leftOut: [] };
    const info = indexCodebase(snapshot, { branch: 'main', history: [], lineCommits: {}, sequences: ['flows/*.json'], rootFiles: [] });
    expect(info.flows.map((one) => one.file)).toEqual(['flows/a.json']);
  });
});
