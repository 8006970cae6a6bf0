import { expect, test } from 'vitest';
import { findOperation } from './operation-function.ts';
import { sampleCode } from './samples-for-tests.ts';

const { codebase } = sampleCode({
  'a.js':
    "export function routes(app) {\n  app.get('/orders/:id', show);\n  app.get('/orders/latest', latest);\n  app.all('/any', any);\n}\nfunction show() {}\nfunction latest() {}\nfunction any() {}\nexport class Store { find() {} }\n",
});

test.each([
  ['GET /orders/:id', 'show'],
  ['GET /orders/{orderId}', 'show'],
  ['GET /orders/17', 'show'],
  ['GET /orders/17?full=1', 'show'],
  ['GET /orders/latest', 'latest'],
  ['DELETE /any', 'any'],
  ['Store.find', 'Store.find'],
  ['services.Store.find', 'Store.find'],
  ['GET /orders', undefined],
  ['POST /orders/17', undefined],
  ['nothing', undefined],
])('%s is served by %s', (operation, name) => {
  expect(findOperation(codebase, operation)?.name).toBe(name);
});
