import type { IntegrityViolation } from '@selfheal/contracts';
import { isCode, parse } from './parse.ts';
import { readTestModel } from './test-model.ts';

/** How a change of an existing test file weakens it. What a patch may do there: add imports, declarations and whole tests. */
export function weakenedTests(path: string, before: string, after: string): IntegrityViolation[] {
  if (!isCode(path)) return [{ rule: 'assertion-loosened', file: path, detail: 'recorded expectations or test data were changed' }];
  const base = readTestModel(parse(path, before));
  const head = readTestModel(parse(path, after));
  const found: IntegrityViolation[] = [];
  const report = (rule: IntegrityViolation['rule'], detail: string, line?: number) =>
    found.push({ rule, file: path, ...(line === undefined ? {} : { line }), detail });

  const bodies = Map.groupBy(head.tests, (test) => test.id);
  for (const test of base.tests) {
    const same = bodies.get(test.id) ?? [];
    const at = same.findIndex((other) => other.body === test.body);
    if (at >= 0) same.splice(at, 1);
    else if (same.length === 0) report('test-deleted', `the test "${test.id}" is gone`);
    else report('assertion-loosened', `the test "${test.id}" was changed`, same[0]?.line);
  }
  for (const name of base.imports) {
    if (!head.imports.has(name)) report('test-api-replaced', `the import ${name} is gone or comes from elsewhere`);
  }
  const kept = head.statements.map((statement) => statement.text);
  for (const statement of base.statements.filter(({ kind }) => kind !== 'import')) {
    const at = kept.indexOf(statement.text);
    if (at < 0) report('assertion-loosened', `code around the tests was changed: ${statement.text.slice(0, 100)}`, statement.line);
    else kept.splice(at, 1);
  }
  const known = new Set(base.statements.map((statement) => statement.text));
  for (const statement of head.statements) {
    if (statement.kind === 'other' && !known.has(statement.text)) {
      report('assertion-loosened', `code that runs around existing tests was added: ${statement.text.slice(0, 100)}`, statement.line);
    }
  }
  return [...found, ...newSkips(path, base.skips, head.skips)];
}

/** A new test file must run all of its tests. */
export function skippedInNewTests(path: string, text: string): IntegrityViolation[] {
  return isCode(path) ? newSkips(path, [], readTestModel(parse(path, text)).skips) : [];
}

function newSkips(path: string, base: readonly { text: string }[], head: readonly { text: string; line: number }[]): IntegrityViolation[] {
  const known = base.map((skip) => skip.text);
  return head
    .filter((skip) => {
      const at = known.indexOf(skip.text);
      if (at >= 0) known.splice(at, 1);
      return at < 0;
    })
    .map((skip) => ({ rule: 'test-skipped', file: path, line: skip.line, detail: `tests are switched off: ${skip.text}` }));
}
