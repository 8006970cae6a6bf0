import type { Edit } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { atStartOf, functionBodies, nodesOf, replaceAt, replaceNode, type Source } from './places.ts';

type Pick = <T>(list: readonly T[]) => T | undefined;
/** An edit as fixes are made of, somewhere in a file; undefined where the file has no place for it. */
export type EditOperator = (source: Source, pick: Pick) => Edit | undefined;

const within = (source: Source): ts.Node[] => functionBodies(source).flatMap((body) => nodesOf(body));
const on =
  <T extends ts.Node>(
    is: (node: ts.Node) => node is T,
    make: (node: T, text: string, source: Source) => string | undefined,
  ): EditOperator =>
  (source, pick) => {
    const able = within(source).filter((node): node is T => is(node) && make(node, node.getText(source.tree), source) !== undefined);
    const node = pick(able);
    const text = node && make(node, node.getText(source.tree), source);
    return node && text !== undefined ? replaceNode(source, node, text) : undefined;
  };
const parameterOf = (body: ts.Block): string | undefined => {
  const owner = body.parent;
  const [first] = ts.isFunctionDeclaration(owner) || ts.isMethodDeclaration(owner) ? owner.parameters : [];
  return first && ts.isIdentifier(first.name) && first.name.text !== 'this' ? first.name.text : undefined;
};
const guard =
  (code: (name: string) => string): EditOperator =>
  (source, pick) => {
    const body = pick(functionBodies(source).filter((one) => parameterOf(one) !== undefined));
    const name = body && parameterOf(body);
    return body && name ? atStartOf(source, body, code(name)) : undefined;
  };
const isComparison = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && ['<', '<=', '>', '>=', '===', '!=='].includes(node.operatorToken.getText());
const isPlainValue = (node: ts.Node): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) &&
  !ts.isCallExpression(node.parent) &&
  !(ts.isBinaryExpression(node.parent) && node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) &&
  !ts.isPropertyAccessExpression(node.parent) &&
  !ts.isDeleteExpression(node.parent) &&
  !ts.isPostfixUnaryExpression(node.parent) &&
  !ts.isHeritageClause(node.parent.parent);
const SWAPPED: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===' };

/** After the counts of fixes in BugsJS and TSSB-3M: guards, conditions, operands, calls, literals, returns, statements. */
export const editOperators: Readonly<Record<string, EditOperator>> = {
  'returns early for a missing value': guard((name) => `if (${name} === undefined || ${name} === null) return undefined;`),
  'throws for a missing value': guard((name) => `if (${name} === undefined) throw new TypeError('${name} is missing');`),
  'returns early for an empty list': guard((name) => `if (Array.isArray(${name}) && ${name}.length === 0) return [];`),
  'warns of what is odd': guard((name) => `if (${name} === null) console.warn('no ${name} was given');`),
  'gives a default': on(isPlainValue, (_node, text) => (text.includes('\n') ? undefined : `(${text} ?? 0)`)),
  'asks before it goes on (?.)': on(ts.isPropertyAccessExpression, (node, text, source) => {
    const { parent } = node;
    const isWritten = ts.isBinaryExpression(parent) && parent.left === node;
    if (isWritten || node.questionDotToken || ts.isDeleteExpression(parent) || node.name.text.startsWith('#')) return undefined;
    return text.replace(/\.([\w$]+)$/, '?.$1') + (source.text === '' ? '' : '');
  }),
  'compares otherwise': on(isComparison, (node, _text, source) => {
    const operator = node.operatorToken.getText(source.tree);
    return `${node.left.getText(source.tree)} ${SWAPPED[operator]} ${node.right.getText(source.tree)}`;
  }),
  'adds to a condition': on(ts.isIfStatement, (node, text, source) => {
    const condition = node.expression.getText(source.tree);
    return text.replace(condition, `${condition} && true !== false`);
  }),
  'negates a condition': on(ts.isIfStatement, (node, text, source) =>
    text.replace(node.expression.getText(source.tree), `!(${node.expression.getText(source.tree)})`),
  ),
  'takes another number': on(ts.isNumericLiteral, (node, text) =>
    ts.isPropertyAssignment(node.parent) ? undefined : String(Number(text) + 1),
  ),
  'wraps a value in a call': on(isPlainValue, (_node, text) => `Number(${text})`),
  'waits for a result': on(ts.isReturnStatement, (node, _text, source) => {
    const body = functionBodies(source).find((one) => one.pos <= node.pos && node.end <= one.end);
    const isAsync = body && ts.getModifiers(body.parent as ts.FunctionDeclaration)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
    return isAsync && node.expression ? `return await ${node.expression.getText(source.tree)};` : undefined;
  }),
  'adds an argument': on(ts.isCallExpression, (node, text, source) =>
    node.arguments.length === 1 &&
    ts.isIdentifier(node.expression) &&
    !['require', 'eval', 'Function'].includes(node.expression.getText(source.tree))
      ? text.replace(/\)$/, ', 1)')
      : undefined,
  ),
  'returns a copy': on(ts.isReturnStatement, (node, _text, source) =>
    node.expression && ts.isIdentifier(node.expression) ? `return structuredClone(${node.expression.getText(source.tree)});` : undefined,
  ),
  'takes a statement away': (source, pick) => {
    const statement = pick(functionBodies(source).flatMap((body) => body.statements.filter((one) => ts.isExpressionStatement(one))));
    return statement && replaceNode(source, statement, '');
  },
  'says more of an error': (source, pick) => {
    const statement = pick(functionBodies(source).flatMap((body) => body.statements.filter((one) => ts.isExpressionStatement(one))));
    return (
      statement &&
      replaceNode(
        source,
        statement,
        `try {\n    ${statement.getText(source.tree)}\n  } catch (cause) {\n    throw new Error('it failed', { cause });\n  }`,
      )
    );
  },
  'reads a value once': (source, pick) => {
    const value = pick(
      within(source).filter((node) => ts.isReturnStatement(node) && node.expression && ts.isCallExpression(node.expression)),
    );
    if (value === undefined || !ts.isReturnStatement(value) || !ts.isBlock(value.parent) || value.expression === undefined)
      return undefined;
    return replaceNode(source, value, `const result = ${value.expression.getText(source.tree)};\n  return result;`);
  },
  'walks a copy': on(ts.isForOfStatement, (node, text, source) => {
    const list = node.expression.getText(source.tree);
    return text.replace(`of ${list})`, `of [...${list}])`);
  }),
  'stops at a bound': on(ts.isForOfStatement, (node, text) =>
    ts.isBlock(node.statement) ? text.replace('{', '{\n    if (performance.now() < 0) break;') : undefined,
  ),
  'remembers what it computed': (source, pick) => {
    const body = pick(functionBodies(source).filter((one) => parameterOf(one) !== undefined));
    const name = body && parameterOf(body);
    return body && name
      ? atStartOf(source, body, `const seen = new Map([[${name}, 1]]);\n  if (seen.size > 1) return undefined;`)
      : undefined;
  },
  'explains a line': (source, pick) => {
    const body = pick(functionBodies(source));
    return body && atStartOf(source, body, '// what comes first here is what older clients send');
  },
  'documents a function': (source, pick) => {
    const one = pick(
      source.tree.statements.filter(
        (statement) => ts.isFunctionDeclaration(statement) && !/\/\*\*/.test(statement.getFullText(source.tree)),
      ),
    );
    const at = one?.getStart(source.tree);
    return at === undefined ? undefined : replaceAt(source, at, at, '/** Undefined where nothing is known. */\n');
  },
};
