import type { PatchedRepository } from '../patched-repository.ts';

/** A small service in the manner of vitest, TypeScript. */
export const LEDGER: PatchedRepository = {
  name: 'ledger (vitest, TypeScript)',
  runner: 'vitest',
  files: {
    'package.json': JSON.stringify({
      name: 'ledger',
      type: 'module',
      scripts: { test: 'vitest run', lint: 'eslint .' },
      dependencies: { zod: '^4' },
      devDependencies: { vitest: '^5', typescript: '^5' },
    }),
    'package-lock.json': '{ "name": "ledger", "lockfileVersion": 3 }\n',
    'tsconfig.json': '{ "compilerOptions": { "strict": true } }\n',
    'vitest.config.ts': 'export default { test: { coverage: { thresholds: { lines: 90, branches: 85 } } } };\n',
    'eslint.config.js': 'export default [{ rules: { eqeqeq: "error" } }];\n',
    '.github/workflows/ci.yml': 'on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n',
    'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n- Entries have a currency\n',
    'README.md': '# Ledger\n\nCounts money.\n',
    'src/entry.ts': `import { z } from 'zod';

const entrySchema = z.object({ account: z.string(), amount: z.number(), currency: z.string() });
export type Entry = z.infer<typeof entrySchema>;

/** Reads an entry of a journal line: \`account;amount;currency\`. */
export function readEntry(line: string): Entry | undefined {
  const [account, amount, currency] = line.split(';');
  const parsed = entrySchema.safeParse({ account, amount: Number(amount), currency: currency.toUpperCase() });
  return parsed.success ? parsed.data : undefined;
}

export async function readJournal(lines: AsyncIterable<string>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const line of lines) {
    const entry = readEntry(line);
    if (entry !== undefined && entry.amount !== 0) entries.push(entry);
  }
  return entries;
}
`,
    'src/balance.ts': `import type { Entry } from './entry.ts';

/** Balance of an account, in minor units of one currency. */
export function balanceOf(entries: readonly Entry[], account: string): number {
  let balance = 0;
  for (const entry of entries) {
    if (entry.account === account) balance += entry.amount;
  }
  return balance;
}

export function latest(entries: readonly Entry[], count = 3): Entry[] {
  if (count <= 0) return [];
  return entries.slice(entries.length - count, entries.length);
}

export const overdrawn = (entries: readonly Entry[], account: string, limit: number): boolean => balanceOf(entries, account) < -limit;
`,
    'test/balance.test.ts': `import { beforeEach, describe, expect, it } from 'vitest';
import { balanceOf, latest, overdrawn } from '../src/balance.ts';

let entries: { account: string; amount: number; currency: string }[] = [];
beforeEach(() => {
  entries = [{ account: 'cash', amount: 500, currency: 'EUR' }, { account: 'bank', amount: -70, currency: 'EUR' }];
});

describe('balance', () => {
  it('sums up one account', () => {
    expect(balanceOf(entries, 'cash')).toBe(500);
    expect(balanceOf(entries, 'bank')).toBe(-70);
  });

  it('is overdrawn below its limit', () => {
    expect(overdrawn(entries, 'bank', 50)).toBe(true);
  });
});

it('gives the latest entries', () => {
  expect(latest(entries, 1)).toEqual([{ account: 'bank', amount: -70, currency: 'EUR' }]);
});
`,
    'test/entry.test.ts': `import { expect, test } from 'vitest';
import { readEntry } from '../src/entry.ts';

test('reads a line', () => {
  expect(readEntry('cash;12;eur')).toEqual({ account: 'cash', amount: 12, currency: 'EUR' });
});

test.each(['', 'cash', 'cash;x;eur'])('takes %j for no entry', (line) => {
  expect(() => readEntry(line)).not.toThrow(SyntaxError);
});
`,
  },
  production: ['src/entry.ts', 'src/balance.ts'],
  tests: ['test/balance.test.ts', 'test/entry.test.ts'],
  runnerConfig: 'vitest.config.ts',
};
