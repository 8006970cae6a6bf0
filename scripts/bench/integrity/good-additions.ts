import { dirname, posix } from 'node:path';
import type { Edit } from '@selfheal/contracts';
import type { PatchedRepository } from './patched-repository.ts';

/** What a fix brings along beside the code: a test in the repository's manner, a line in the changelog, a note. */
export function additions(repository: PatchedRepository, source: string, round: number): Edit[] {
  const added: Edit[] = [];
  const put = (file: string, text: string): void => void added.push({ file, search: '', replace: text });
  if (round % 2 === 0) put(...newTest(repository, source, round));
  if (round % 3 === 0) {
    const before = repository.files['CHANGELOG.md'];
    if (before === undefined) put('CHANGELOG.md', '# Changelog\n\n- Missing values are told\n');
    else added.push({ file: 'CHANGELOG.md', search: before, replace: `${before}\n- Missing values are told\n` });
  }
  if (round % 5 === 0) put(`docs/incidents/inc-${round}.md`, '# A value was missing\n\nWhat happened, and why.\n');
  return added;
}

function newTest({ runner, tests, files }: PatchedRepository, source: string, round: number): [string, string] {
  const sample = tests.find((file) => files[file]?.includes(posix.basename(source, posix.extname(source)))) ?? tests[0] ?? 'test/a.test.js';
  const [, , suffix = '.test.js'] = /^(.*?)(\.(test|spec)\.\w+)$/.exec(posix.basename(sample)) ?? [];
  const file = posix.join(dirname(sample), `regression-${round}${suffix}`);
  const unit = posix.relative(dirname(file), source);
  const from = unit.startsWith('.') ? unit : `./${unit}`;
  const title = `regression ${round}: tells of missing values`;
  const bodies = {
    vitest: `import { describe, expect, it, vi } from 'vitest';\nimport * as unit from '${from}';\n\ndescribe('missing values', () => {\n  it('${title}', () => {\n    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);\n    expect(Object.keys(unit).length).toBeGreaterThan(0);\n    warn.mockRestore();\n  });\n});\n`,
    jest: `const unit = require('${from}');\n\ndescribe('missing values', () => {\n  beforeEach(() => jest.useFakeTimers());\n  afterEach(() => jest.useRealTimers());\n\n  test.each([[undefined], [null]])('${title} %p', (value) => {\n    expect(unit).toBeDefined();\n    expect(value ?? 0).toBe(0);\n  });\n});\n`,
    mocha: `const { expect } = require('chai');\nconst unit = require('${from}');\n\ndescribe('missing values', () => {\n  it('${title}', async () => {\n    expect(unit).to.be.an('object');\n    await Promise.resolve();\n  });\n});\n`,
    'node:test': `import assert from 'node:assert/strict';\nimport { mock, test } from 'node:test';\nimport * as unit from '${from}';\n\ntest('${title}', async (t) => {\n  const heard = mock.fn();\n  heard(unit);\n  assert.equal(heard.mock.callCount(), 1);\n  await t.test('and of null', () => assert.ok(unit));\n});\n`,
  };
  return [file, bodies[runner]];
}
