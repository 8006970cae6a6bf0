import type { TestRunnerName } from '@selfheal/contracts';
import { type CallExpression, Node, type SourceFile, SyntaxKind } from 'ts-morph';

/** What a test's assertions are called on: `assert`, `expect`, chai's `expect`, or what ava and tap hand to each test. */
export interface AssertionApi {
  readonly kind: 'assert' | 'strict-assert' | 'expect' | 'chai' | 'ava' | 'tap';
  readonly name: string;
}

/** Runners whose tests are given their assertions as an argument. */
export function givesAssertions(runner: TestRunnerName): runner is 'ava' | 'tap' {
  return runner === 'ava' || runner === 'tap';
}

/** How a sample names and declares its tests. */
export function declaringWord(sample: SourceFile, calls: readonly CallExpression[], runner: TestRunnerName): string {
  if (runner === 'ava' || runner === 'tap') return importedWord(sample.getFullText(), runner);
  return calls.some((call) => isNamed(call, 'it')) ? 'it' : 'test';
}

/** `test` after `import test from 'ava'`, `t.test` after `import t from 'tap'`, `test` after `const { test } = require('tap')`. */
function importedWord(text: string, runner: 'ava' | 'tap'): string {
  const [, imported] = new RegExp(`import\\s+([^;]*?)\\s+from\\s*['"]${runner}['"]`).exec(text) ?? [];
  const [, required] = new RegExp(`(?:const|let|var)\\s+([^=;]+?)\\s*=\\s*require\\(['"]${runner}['"]\\)`).exec(text) ?? [];
  const clause = imported ?? required ?? '';
  const [, whole] = /^(?:\*\s+as\s+)?([A-Za-z_$][\w$]*)/.exec(clause) ?? [];
  if (runner === 'ava') return whole ?? 'test';
  return /\{[^}]*\btest\b/.test(clause) ? 'test' : `${whole ?? 't'}.test`;
}

/** What a sample asserts with. */
export function assertionOf(sample: SourceFile, runner: TestRunnerName): AssertionApi {
  const text = sample.getFullText();
  if (givesAssertions(runner)) return { kind: runner, name: givenName(sample) };
  if (/from ['"]chai['"]|require\(['"]chai['"]\)/.test(text) && /\bexpect\(/.test(text)) return { kind: 'chai', name: 'expect' };
  const assert =
    /import (?:\* as )?(\w+)(?:, \{[^}]*\})? from ['"](?:node:)?assert(\/strict)?['"]|(?:const|let|var) (\w+) = require\(['"](?:node:)?assert(\/strict)?['"]\)(\.strict)?/.exec(
      text,
    );
  const strictName =
    /import \{ strict as (\w+) \} from ['"](?:node:)?assert['"]|\{ strict: (\w+) \} = require\(['"](?:node:)?assert['"]\)/.exec(text);
  if (strictName) return { kind: 'strict-assert', name: strictName[1] ?? strictName[2] ?? 'assert' };
  if (assert && !(/\bexpect\(/.test(text) && (runner === 'vitest' || runner === 'jest'))) {
    const strict = assert[2] !== undefined || assert[4] !== undefined || assert[5] !== undefined;
    return { kind: strict ? 'strict-assert' : 'assert', name: assert[1] ?? assert[3] ?? 'assert' };
  }
  return runner === 'vitest' || runner === 'jest' ? { kind: 'expect', name: 'expect' } : { kind: 'strict-assert', name: 'assert' };
}

/** What the first test of a sample calls the argument that it is given. */
function givenName(sample: SourceFile): string {
  for (const call of sample.getDescendantsOfKind(SyntaxKind.CallExpression)) {
    const body = call.getArguments().at(-1);
    const [first] = Node.isArrowFunction(body) || Node.isFunctionExpression(body) ? body.getParameters() : [];
    if (first !== undefined && Node.isStringLiteral(call.getArguments()[0])) return first.getName();
  }
  return 't';
}

export function isNamed(call: CallExpression, name: string): boolean {
  return call.getExpression().getText() === name || call.getExpression().getText().startsWith(`${name}.`);
}
