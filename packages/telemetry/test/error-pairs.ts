/** One error as a service logs it. */
export interface Thrown {
  readonly type?: string;
  readonly message: string;
  /** Lines of the stack below the header. */
  readonly frames?: readonly string[];
  readonly cause?: Thrown;
}

export interface Pair {
  readonly name: string;
  readonly a: Thrown;
  readonly b: Thrown;
}

const IN_ORDERS = ['at loadOrder (/srv/app/src/orders.ts:10:5)', 'at async handle (/srv/app/src/server.ts:20:3)'];
const DEPENDENCY = 'at Client.query (/srv/app/node_modules/pg/lib/client.js:90:11)';

function message(name: string, a: string, b: string, type?: string): Pair {
  const named = type === undefined ? {} : { type };
  return { name, a: { ...named, message: a, frames: IN_ORDERS }, b: { ...named, message: b, frames: IN_ORDERS } };
}

function frames(name: string, a: readonly string[], b: readonly string[]): Pair {
  const text = 'the order is closed';
  return { name, a: { message: text, frames: a }, b: { message: text, frames: b } };
}

/** One cause each: what differs varies from one occurrence, machine or build to the next. */
export const SAME: readonly Pair[] = [
  frames('lines moved', IN_ORDERS, ['at loadOrder (/srv/app/src/orders.ts:48:9)', 'at async handle (/srv/app/src/server.ts:61:3)']),
  frames('another caller', IN_ORDERS, ['at loadOrder (/srv/app/src/orders.ts:10:5)', 'at refund (/srv/app/src/refund.ts:7:1)']),
  frames('another folder of deployment', IN_ORDERS, ['at loadOrder (/home/ada/release-7/src/orders.ts:10:5)']),
  frames('Windows paths', IN_ORDERS, ['at loadOrder (C:\\srv\\app\\src\\orders.ts:10:5)']),
  frames('file URLs', IN_ORDERS, ['at loadOrder (file:///srv/app/src/orders.ts:10:5)']),
  frames('awaited or not', IN_ORDERS, ['at async loadOrder (/srv/app/src/orders.ts:10:5)']),
  frames('a method of a module', IN_ORDERS, ['at Object.loadOrder (/srv/app/src/orders.ts:10:5)']),
  frames('a dependency in between', IN_ORDERS, [DEPENDENCY, ...IN_ORDERS]),
  frames('another version of a dependency', [DEPENDENCY, ...IN_ORDERS], [DEPENDENCY.replace('90:11', '112:7'), ...IN_ORDERS]),
  message('numbers', 'order 17 is closed', 'order 99312 is closed'),
  message('identifiers with a prefix', 'payment ord-17 was declined', 'payment ord-99312 was declined'),
  message('uuids', 'job 6f1c2a90-7a53-4d6e-9b0a-2c8f3f0f7d11 failed', 'job 0b9c2a90-7a53-4d6e-9b0a-2c8f3f0f7dff failed'),
  message('object ids', 'no order 507f1f77bcf86cd799439011', 'no order 607f1f77bcf86cd7994390ab'),
  message('quoted values', 'unknown coupon "SUMMER"', 'unknown coupon "winter sale"'),
  message('addresses on the web', 'GET https://api.test/v1/x?y=1 gave 502', 'GET https://api.test/v1/other gave 502'),
  message('addresses of machines', 'connect ECONNREFUSED 10.0.0.1:5432', 'connect ECONNREFUSED 10.0.7.4:5432'),
  message('mail addresses', 'mail to ada@example.com bounced', 'mail to bob.b@mail.example.org bounced'),
  message('dates', 'expired at 2026-05-04T09:00:00.000Z', 'expired at 2025-12-31T23:59:59Z'),
  message('files', "ENOENT: no such file or directory, open '/srv/x/1.json'", "ENOENT: no such file or directory, open '/tmp/y/2.json'"),
  message('durations', 'timeout of 3000ms exceeded', 'timeout of 5000ms exceeded'),
  message('amounts', 'amount 1,234.50 exceeds the limit of 1000', 'amount 12 exceeds the limit of 10'),
  message('lists', 'items 1, 2, 3 are sold out', 'items 4 are sold out'),
  message('attempts', 'gave up at attempt 1 of 3', 'gave up at attempt 3 of 3'),
  message('memory addresses', 'bad handle 0x7ffe3b2a', 'bad handle 0x10c4d5e8'),
  message('what was parsed', 'Unexpected token u in JSON at position 17', 'Unexpected token < in JSON at position 0', 'SyntaxError'),
  message('line breaks', 'two lines\n  of text', 'two lines of text'),
  {
    name: 'a header with what the runtime puts before it',
    a: { type: 'TypeError', message: 'x is not a function', frames: IN_ORDERS },
    b: { type: 'Uncaught (in promise) TypeError', message: 'x is not a function', frames: IN_ORDERS },
  },
  {
    name: 'a cause whose message varies',
    a: { message: 'could not load', frames: IN_ORDERS, cause: { message: 'row 17 is locked', frames: [DEPENDENCY] } },
    b: { message: 'could not load', frames: IN_ORDERS, cause: { message: 'row 4 is locked', frames: [DEPENDENCY] } },
  },
];

/** Two causes each. */
export const DIFFERENT: readonly Pair[] = [
  frames('another function', IN_ORDERS, ['at saveOrder (/srv/app/src/orders.ts:30:5)']),
  frames('another file', IN_ORDERS, ['at loadOrder (/srv/app/src/refund.ts:10:5)']),
  message('another message', 'the order is closed', 'the order is empty'),
  message(
    'another property of nothing',
    "Cannot read properties of undefined (reading 'city')",
    "Cannot read properties of undefined (reading 'country')",
    'TypeError',
  ),
  message(
    'undefined and null',
    "Cannot read properties of undefined (reading 'city')",
    "Cannot read properties of null (reading 'city')",
    'TypeError',
  ),
  message('another function that is none', 'order.items.map is not a function', 'order.items.reduce is not a function', 'TypeError'),
  message('another name that is not defined', 'total is not defined', 'taxes is not defined', 'ReferenceError'),
  message('another system call', "ENOENT: no such file or directory, open '/srv/x'", "EACCES: permission denied, open '/srv/x'"),
  message('another column', 'column "sku" does not exist', 'column "price" does not exist', 'DatabaseError'),
  message(
    'another constraint',
    'duplicate key value violates unique constraint "users_email_key"',
    'duplicate key value violates unique constraint "orders_pkey"',
    'DatabaseError',
  ),
  message('another package', "Cannot find module 'left-pad'", "Cannot find module 'express'"),
  message('another method of HTTP', 'GET https://api.test/x gave 502', 'POST https://api.test/x gave 502'),
  {
    name: 'another type',
    a: { type: 'TypeError', message: 'bad order', frames: IN_ORDERS },
    b: { type: 'RangeError', message: 'bad order', frames: IN_ORDERS },
  },
  {
    name: 'another cause behind one wrapper',
    a: { message: 'could not load', frames: IN_ORDERS, cause: { type: 'TypeError', message: 'x is not iterable', frames: IN_ORDERS } },
    b: { message: 'could not load', frames: IN_ORDERS, cause: { type: 'TimeoutError', message: 'no answer', frames: [DEPENDENCY] } },
  },
];
