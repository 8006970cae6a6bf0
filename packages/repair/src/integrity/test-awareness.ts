import { ts } from 'ts-morph';
import { constantText, memberName, type Names } from './names.ts';
import { normalised, walk } from './parse.ts';

const TEST_VARIABLE = /^(NODE_ENV|VITEST.*|JEST_.*|NODE_TEST_CONTEXT|MOCHA.*|CI|TEST|TEST_.*|npm_.*)$/;
const TEST_WORDS = new Set(['describe', 'it', 'test', 'expect', 'vi', 'jest', 'mocha', 'suite', 'beforeEach', 'afterEach']);
/** Texts by which code would know a test, its file or its runner. */
const SPEAKS_OF_TESTS = /(^|[^a-z])(tests?|specs?|vitest|jest|mocha|tap|ava)([^a-z]|$)/i;
/** What tells how and from where the process or a function was started. */
const ORIGIN =
  /\.stack\b|\bcaptureStackTrace\b|\bprocess\.(argv|argv0|title|mainModule|cwd\(\))|\brequire\.main\b|\b__filename\b|\bimport\.meta\b/;
const INSTALLED_OR_TEST =
  /(^|\/)(node_modules|tests?|__tests__|specs?|__mocks__|__snapshots__)(\/|$)|[._-](test|spec)\.[cm]?[jt]sx?$|\.snap$/i;
/** Comparing a whole value as text says "this one input"; these say "empty". */
const EMPTY = new Set(['', '{}', '[]', 'null', '""', 'undefined', '0', 'true', 'false']);
const TEXT_OF = /^(JSON\.stringify|String|node:util\.inspect|inspect)$/;

/**
 * How production code would find out that it runs under test, or would treat one input apart from all others, for people. Undefined where a
 * node does neither.
 */
export function awarenessAt(node: ts.Node, names: Names): string | undefined {
  if (ts.isIdentifier(node)) return asksForWord(node) ? `asks for ${node.text} of the test runner` : undefined;
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return byAccess(node, names);
  if (ts.isCallExpression(node)) return byCall(node, names);
  if (!ts.isBinaryExpression(node)) return undefined;
  if (node.operatorToken.kind === ts.SyntaxKind.InKeyword) return byMembership(node, names);
  return singlesOut(node, names);
}

function byAccess(node: ts.PropertyAccessExpression | ts.ElementAccessExpression, names: Names): string | undefined {
  const name = memberName(node);
  const of = names.pathOf(node.expression);
  if (of === 'process.env' && (name === undefined || TEST_VARIABLE.test(name))) return `reads process.env.${name ?? '[computed]'}`;
  if (name !== undefined && TEST_WORDS.has(name) && /^(globalThis|global|window|self)$/.test(of ?? ''))
    return `asks for ${name} of the test runner`;
  if (normalised(node).startsWith('import.meta.vitest')) return 'reads import.meta.vitest';
  if (of === 'process' && name === 'execArgv') return 'reads the options that the process was started with';
  if (of === 'process' && name === 'env' && isTakenWhole(node)) return 'looks through all variables of the environment';
  return ORIGIN.test(`${normalised(node)}`) && speaksOfTests(node) ? `asks by ${normalised(node)} whether a test runs it` : undefined;
}

/** `Object.keys(process.env)`, `for (name in process.env)`; handing it to a function of one's own is how settings are read. */
function isTakenWhole(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isForInStatement(parent)) return parent.expression === node;
  return ts.isCallExpression(parent) && /^(Object|Reflect|JSON)\./.test(normalised(parent.expression)) && parent.arguments[0] === node;
}

function byCall(node: ts.CallExpression, names: Names): string | undefined {
  const callee = names.pathOf(node.expression) ?? '';
  const [first, second] = node.arguments;
  if (/^Reflect\.(has|get|getOwnPropertyDescriptor)$|^Object\.hasOwn$/.test(callee) && first && second) {
    const asked = constantText(second);
    if (/^(globalThis|global|window|self)$/.test(names.pathOf(first) ?? '') && (asked === undefined || TEST_WORDS.has(asked)))
      return `asks for ${asked ?? 'a name'} of the test runner`;
  }
  if (!/^node:fs(\/promises)?\./.test(callee) || first === undefined) return undefined;
  const path = normalised(first);
  if (/\b__filename\b|\bimport\.meta\b/.test(path)) return `reaches for its own text by ${callee}`;
  const texts = [...walk(first)].flatMap((part) => (ts.isStringLiteralLike(part) || ts.isTemplateHead(part) ? [part.text] : []));
  return texts.some((text) => INSTALLED_OR_TEST.test(text)) ? `reaches for tests or installed packages by ${callee}` : undefined;
}

/** `'VITEST' in process.env`, `'it' in globalThis`. */
function byMembership({ left, right }: ts.BinaryExpression, names: Names): string | undefined {
  const asked = constantText(left);
  const of = names.pathOf(right) ?? '';
  if (of === 'process.env' && (asked === undefined || TEST_VARIABLE.test(asked)))
    return `asks for ${asked ?? 'a variable'} in the environment`;
  return /^(globalThis|global|window|self)$/.test(of) && (asked === undefined || TEST_WORDS.has(asked))
    ? `asks for ${asked ?? 'a name'} of the test runner`
    : undefined;
}

/** `JSON.stringify(input) === '{"id":17}'` answers one input and no other. */
function singlesOut({ left, right, operatorToken }: ts.BinaryExpression, names: Names): string | undefined {
  if (!/^[!=]==?$/.test(operatorToken.getText())) return undefined;
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const text = constantText(other);
    if (text === undefined || EMPTY.has(text) || !ts.isCallExpression(value)) continue;
    if (TEXT_OF.test(names.pathOf(value.expression) ?? '') && /^[{[]/.test(text)) return 'compares a whole value with one text';
  }
  return undefined;
}

/** A word of the test runner that the file neither declares nor takes in. */
function asksForWord(node: ts.Identifier): boolean {
  if (!TEST_WORDS.has(node.text)) return false;
  const { parent } = node;
  const isOperand =
    ts.isTypeOfExpression(parent) || ((ts.isPropertyAccessExpression(parent) || ts.isCallExpression(parent)) && parent.expression === node);
  return isOperand && !isDeclared(node.getSourceFile(), node.text);
}

function isDeclared(file: ts.SourceFile, name: string): boolean {
  return [...walk(file)].some((node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isBindingElement(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    return declares && node.name?.getText(file) === name;
  });
}

/** Whether the statement around a node holds a text or pattern that names tests. */
function speaksOfTests(node: ts.Node): boolean {
  let statement = node;
  while (statement.parent !== undefined && !ts.isBlock(statement.parent) && !ts.isSourceFile(statement.parent))
    statement = statement.parent;
  return [...walk(statement)].some(
    (part) => (ts.isStringLiteralLike(part) || ts.isRegularExpressionLiteral(part)) && SPEAKS_OF_TESTS.test(part.text),
  );
}
