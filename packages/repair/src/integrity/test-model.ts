import { ts } from 'ts-morph';
import { lineOf, normalised, walk } from './parse.ts';

/** What a test file says, as far as it matters for whether it was weakened. */
export interface TestModel {
  readonly tests: readonly TestBlock[];
  /** Statements outside of tests (imports, constants, hooks, functions), normalised; suites are opened up and their statements listed. */
  readonly statements: readonly { text: string; line: number; kind: 'import' | 'declaration' | 'other' }[];
  /** `module#name` of every imported name. */
  readonly imports: ReadonlySet<string>;
  /** Places that switch tests off: skip, only, todo, expected failures. */
  readonly skips: readonly { text: string; line: number }[];
}

export interface TestBlock {
  /** Titles of the suites around it and its own. */
  readonly id: string;
  readonly body: string;
  readonly line: number;
}

const TEST_CALLS = new Set(['it', 'test', 'specify', 'bench', 'xit', 'fit', 'xtest', 'ftest', 'xspecify']);
const SUITE_CALLS = new Set(['describe', 'suite', 'context', 'xdescribe', 'fdescribe', 'xcontext']);
const OFF_CALLS = new Set(['xit', 'fit', 'xtest', 'ftest', 'xspecify', 'xdescribe', 'fdescribe', 'xcontext']);
const OFF_MEMBERS = new Set(['skip', 'only', 'todo', 'fails', 'failing', 'skipIf', 'runIf', 'expectFailure']);
const OFF_RECEIVERS = new Set([...TEST_CALLS, ...SUITE_CALLS, 't', 'this', 'ctx', 'context', 'task', 'testContext']);

export function readTestModel(file: ts.SourceFile): TestModel {
  const tests: TestBlock[] = [];
  const statements: { text: string; line: number; kind: 'import' | 'declaration' | 'other' }[] = [];
  const visit = (list: readonly ts.Statement[], path: readonly string[]): void => {
    for (const statement of list) {
      const call = callOf(statement);
      const role = call && roleOf(call);
      if (!call || !role)
        statements.push({ text: path.join(' > ') + normalised(statement), line: lineOf(statement), kind: kindOf(statement) });
      else if (role === 'suite' && suiteBody(call)) visit(suiteBody(call) ?? [], [...path, titleOf(call)]);
      else tests.push({ id: [...path, titleOf(call)].join(' > '), body: normalised(call), line: lineOf(call) });
    }
  };
  visit(file.statements, []);
  return { tests, statements, imports: importedNames(file), skips: skipsOf(file) };
}

/** The name of the function at the root of `it.each(...)('..')`, `test.concurrent('..')`, `it('..')`. */
function rootName(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) return rootName(expression.expression);
  return ts.isTaggedTemplateExpression(expression) ? rootName(expression.tag) : undefined;
}

function roleOf(call: ts.CallExpression): 'test' | 'suite' | undefined {
  const name = rootName(call.expression);
  if (name === undefined || call.arguments.length === 0) return undefined;
  if (SUITE_CALLS.has(name)) return 'suite';
  return TEST_CALLS.has(name) ? 'test' : undefined;
}

function callOf(statement: ts.Statement): ts.CallExpression | undefined {
  if (!ts.isExpressionStatement(statement)) return undefined;
  let { expression } = statement;
  while (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) expression = expression.expression;
  return ts.isCallExpression(expression) ? expression : undefined;
}

function suiteBody(call: ts.CallExpression): readonly ts.Statement[] | undefined {
  const callback = call.arguments.find((argument) => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument));
  return callback && ts.isBlock(callback.body) ? callback.body.statements : undefined;
}

function titleOf(call: ts.CallExpression): string {
  const [title] = call.arguments;
  return title && ts.isStringLiteralLike(title) ? title.text : title ? normalised(title) : '';
}

function kindOf(statement: ts.Statement): 'import' | 'declaration' | 'other' {
  if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) return 'import';
  if (isRequire(statement)) return 'import';
  const declares =
    ts.isVariableStatement(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return declares ? 'declaration' : 'other';
}

function isRequire(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(
    (declaration) => declaration.initializer && requiredModule(declaration.initializer) !== undefined,
  );
}

/** The module of `require('x')` and `require('x').y`. */
function requiredModule(expression: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(expression)) return requiredModule(expression.expression);
  if (!ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression) || expression.expression.text !== 'require')
    return undefined;
  const [argument] = expression.arguments;
  return argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}

function importedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const from = statement.moduleSpecifier.text;
      const clause = statement.importClause;
      if (!clause) names.add(`${from}#`);
      if (clause?.name) names.add(`${from}#default as ${clause.name.text}`);
      const bindings = clause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) names.add(`${from}#* as ${bindings.name.text}`);
      if (bindings && ts.isNamedImports(bindings)) {
        for (const element of bindings.elements)
          names.add(`${from}#${(element.propertyName ?? element.name).text} as ${element.name.text}`);
      }
    } else if (ts.isVariableStatement(statement) && isRequire(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const from = initializer && requiredModule(initializer);
        if (ts.isIdentifier(name)) names.add(`${from}#${initializer ? normalised(initializer) : ''} as ${name.text}`);
        else for (const element of name.elements) names.add(`${from}#${normalised(element)}`);
      }
    }
  }
  return names;
}

function skipsOf(file: ts.SourceFile): { text: string; line: number }[] {
  const skips: { text: string; line: number }[] = [];
  for (const node of walk(file)) {
    if (isSkip(node)) skips.push({ text: normalised(node).slice(0, 120), line: lineOf(node) });
  }
  return skips;
}

function isSkip(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return OFF_CALLS.has(node.expression.text);
  if (ts.isPropertyAccessExpression(node)) return OFF_MEMBERS.has(node.name.text) && OFF_RECEIVERS.has(receiverName(node.expression));
  if (ts.isElementAccessExpression(node)) {
    const known = ts.isStringLiteralLike(node.argumentExpression) ? OFF_MEMBERS.has(node.argumentExpression.text) : true;
    return known && OFF_RECEIVERS.has(receiverName(node.expression)) && !ts.isThisTypeNode(node.expression);
  }
  // `test('title', { skip: true }, ...)`
  if (!ts.isPropertyAssignment(node) || !node.name || !OFF_MEMBERS.has(node.name.getText())) return false;
  const options = node.parent.parent;
  return ts.isCallExpression(options) && roleOf(options) !== undefined && node.initializer.kind !== ts.SyntaxKind.FalseKeyword;
}

function receiverName(expression: ts.Expression): string {
  return expression.kind === ts.SyntaxKind.ThisKeyword ? 'this' : (rootName(expression) ?? '');
}
