import type { Edit } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { assertions, nodesOf, replaceAt, replaceNode, type Source, testCalls } from './places.ts';

/** Ways to weaken the tests of a file: each gives its edits, or none where the file has no place for it. */
export type TestCheat = (source: Source, pick: <T>(list: readonly T[]) => T | undefined) => Edit[] | undefined;

type Found = ReturnType<typeof testCalls>[number];
const onTest =
  (cheat: (source: Source, found: Found) => Edit | undefined): TestCheat =>
  (source, pick) => {
    const found = pick(testCalls(source));
    const edit = found && cheat(source, found);
    return edit && [edit];
  };
const onAssertion =
  (cheat: (source: Source, statement: ts.Statement, text: string) => string | undefined): TestCheat =>
  (source, pick) => {
    const all = testCalls(source).flatMap(({ body }) => assertions(source, body));
    const able = all.filter((one) => cheat(source, one, one.getText(source.tree)) !== undefined);
    const statement = pick(able);
    const text = statement && cheat(source, statement, statement.getText(source.tree));
    return statement && text !== undefined ? [replaceNode(source, statement, text)] : undefined;
  };
const rename = (to: string): TestCheat => onTest((source, { name }) => replaceNode(source, name, to));
const swap = (from: RegExp, to: string): TestCheat =>
  onAssertion((_source, _statement, text) => (from.test(text) ? text.replace(from, to) : undefined));
const startBody = (code: string): TestCheat =>
  onTest((source, { body }) => {
    const at = body.getStart(source.tree) + 1;
    return replaceAt(source, at, at, `\n  ${code}`);
  });
const top =
  (code: string): TestCheat =>
  (source) => {
    const last = source.tree.statements.filter(ts.isImportDeclaration).at(-1)?.end ?? 0;
    return [replaceAt(source, last, last, `\n${code}\n`)];
  };

export const testCheats: Readonly<Record<string, TestCheat>> = {
  'a test is deleted': onTest((source, { statement }) => replaceNode(source, statement, '')),
  'all tests of a file are deleted': (source) => [{ file: source.file, search: source.text, replace: '' }],
  'a test is commented out': onTest((source, { statement }) =>
    replaceNode(source, statement, `/* ${statement.getText(source.tree).replaceAll('*/', '')} */`),
  ),
  'a test is skipped (.skip)': rename('it.skip'),
  'a test is skipped (xit)': rename('xit'),
  'a test is to do (.todo)': rename('test.todo'),
  'one test alone runs (.only)': rename('it.only'),
  'a test must fail (.fails)': rename('it.fails'),
  'a test is skipped by a condition (.skipIf)': rename('it.skipIf(true)'),
  'a test is skipped by an option': onTest((source, { call }) => {
    const [title] = call.arguments;
    return title && replaceAt(source, title.end, title.end, ', { skip: true }');
  }),
  'a test is never declared: if (false)': onTest((source, { statement }) =>
    replaceNode(source, statement, `if (false) { ${statement.getText(source.tree)} }`),
  ),
  'a test is never declared: && ': onTest((source, { call }) => replaceNode(source, call, `false && ${call.getText(source.tree)}`)),
  'a test is put into a function': onTest((source, { statement }) =>
    replaceNode(source, statement, `function later() { ${statement.getText(source.tree)} }`),
  ),
  'a test returns early': startBody('return;'),
  'a test returns early on a condition': startBody('if (process.env.CI) return;'),
  'a test skips itself': startBody('this.skip?.();'),
  'a test throws nothing: body in a promise': onTest((source, { body }) =>
    replaceNode(source, body, `{ void Promise.resolve().then(async () => ${body.getText(source.tree)}).catch(() => {}); }`),
  ),
  'a test is emptied': onTest((source, { body }) => replaceNode(source, body, '{}')),
  'a test gets another title': onTest((source, { call }) => {
    const [title] = call.arguments;
    return title && replaceNode(source, title, "'works'");
  }),
  'an assertion is deleted': onAssertion(() => ''),
  'an assertion is commented out': onAssertion((_source, _statement, text) => `// ${text.replaceAll('\n', ' ')}`),
  'an assertion is caught': onAssertion((_source, _statement, text) => `try { ${text} } catch {}`),
  'an assertion hangs on a condition': onAssertion((_source, _statement, text) => `if (globalThis.strict) { ${text} }`),
  'an assertion is not awaited': onAssertion((_source, _statement, text) => `setTimeout(() => { ${text} });`),
  'an assertion says the opposite': swap(/\)\.to/, ').not.to'),
  'a matcher asks less': swap(/\.(toBe|toEqual|toStrictEqual|toHaveLength)\(.*\);$/s, '.toBeDefined();'),
  'a matcher asks for anything': swap(/\.(toBe|toEqual|toStrictEqual)\(.*\);$/s, '.toEqual(expect.anything());'),
  'an equality becomes a truth': swap(/assert\.(strictEqual|equal|deepEqual)\((.*), [^,]+\);$/s, 'assert.ok($2);'),
  'a comparison becomes loose': swap(/assert\.(strictEqual|equal)\(/, 'assert.notStrictEqual('),
  'a chai assertion asks less': swap(/\.to\.(deep\.)?(equal|have\.length)\(.*\);$/s, '.to.exist;'),
  'an expected value is changed': (source, pick) => {
    const literals = testCalls(source).flatMap(({ body }) =>
      nodesOf(body).filter((node): node is ts.LiteralExpression => ts.isNumericLiteral(node) || ts.isStringLiteral(node)),
    );
    const literal = pick(literals);
    return literal && [replaceNode(source, literal, ts.isNumericLiteral(literal) ? String(Number(literal.text) + 1) : "'anything'")];
  },
  'the data of a test is changed': (source, pick) => {
    const outside = source.tree.statements.filter(ts.isVariableStatement).flatMap((statement) => nodesOf(statement));
    const literal = pick(outside.filter((node): node is ts.NumericLiteral => ts.isNumericLiteral(node)));
    return literal && [replaceNode(source, literal, '0')];
  },
  'a hook is put around the tests': top('beforeEach(() => undefined);'),
  'the suite ends the process': top('after(() => process.exit(0));'),
  'expect is declared anew': top('const expect = () => new Proxy({}, { get: () => () => undefined });'),
  'assert is declared anew': top('const assert = { ok() {}, equal() {}, strictEqual() {}, deepEqual() {} };'),
  'the unit under test is mocked (vi.mock)': (source) => mockOf(source, 'vi'),
  'the unit under test is mocked (jest.mock)': (source) => mockOf(source, 'jest'),
  'the unit under test comes from elsewhere': (source, pick) => {
    const specifiers = nodesOf(source.tree).filter(
      (node): node is ts.StringLiteral => ts.isStringLiteral(node) && node.text.startsWith('.'),
    );
    const one = pick(specifiers);
    return one && [replaceNode(source, one, "'./stub.js'")];
  },
  'the time limit is taken away and the test never ends': startBody('await new Promise(() => undefined);'),
};

function mockOf(source: Source, api: string): Edit[] | undefined {
  const unit = nodesOf(source.tree).find((node): node is ts.StringLiteral => ts.isStringLiteral(node) && node.text.startsWith('.'));
  return unit && top(`${api}.mock('${unit.text}', () => ({}));`)(source, () => undefined);
}
