import { type Edit, type IntegrityViolation, selfhealConfig } from '@selfheal/contracts';
import { checkIntegrity, type IntegrityResult } from './check-integrity.ts';

/** A small repository whose order module is under repair, for tests of the integrity check. */
export const sources: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'shop',
    scripts: { test: 'vitest run' },
    dependencies: { fastify: '^5' },
    devDependencies: { vitest: '^5' },
  }),
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  'vitest.config.ts': 'export default { test: { coverage: { thresholds: { lines: 90 } } } };\n',
  'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n- Tea\n',
  'README.md': '# Shop\n',
  'src/order.ts': `import { price } from './price.ts';

/** The total of an order. */
export function total(order: { lines: { sku: string }[]; customer?: { name: string } }): number {
  let sum = 0;
  for (const line of order.lines) sum += price(line.sku);
  return sum;
}

export function greeting(order: { customer?: { name: string } }): string | null {
  return order.customer!.name;
}
`,
  'src/price.ts': 'export const price = (sku: string): number => (sku === "tea" ? 3 : 5);\n',
  'src/admin.ts': 'export const isAdmin = (user: { role: string }): boolean => user.role === "admin";\n',
  'src/legacy.js':
    "const { price } = require('./price.js');\nif (process.argv.includes('--once')) process.exit(0);\nmodule.exports = { price };\n",
  'test/order.test.ts': `import { beforeEach, describe, expect, it } from 'vitest';
import { greeting, total } from '../src/order.ts';

const lines = [{ sku: 'tea' }, { sku: 'pot' }];

describe('order', () => {
  beforeEach(() => {
    lines.length = 2;
  });

  it('adds up', () => {
    expect(total({ lines })).toBe(8);
  });

  it('greets', () => {
    expect(greeting({ customer: { name: 'Ada' } })).toBe('Ada');
  });
});
`,
  'test/price.spec.js': `const assert = require('node:assert');
const { test } = require('node:test');
const { price } = require('../src/price.js');

test('tea is cheap', () => {
  assert.strictEqual(price('tea'), 3);
});
`,
  'test/fixtures/orders.json': '[{ "sku": "tea" }]\n',
};

const policy = selfhealConfig.parse({ policy: { maxChangedLines: 40, forbidden: ['src/secret/**'] } }).policy;

export function check(edits: readonly Edit[], extra: { symlinks?: string[]; allowed?: string[] } = {}): IntegrityResult {
  return checkIntegrity({
    sources,
    edits,
    policy: { ...policy, allowed: extra.allowed ?? [] },
    allowedFiles: ['src/order.ts', 'src/legacy.js'],
    testFiles: ['test/order.test.ts', 'test/price.spec.js'],
    ...(extra.symlinks ? { symlinks: extra.symlinks } : {}),
  });
}

export function rules(result: IntegrityResult): IntegrityViolation['rule'][] {
  return [...new Set(result.violations.map((violation) => violation.rule))];
}

/** The edit that turns `search` of a file into `replace`; an empty `search` makes the file. */
export function change(file: string, search: string, replace: string): Edit {
  return { file, search, replace };
}
