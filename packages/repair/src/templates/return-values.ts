import { Node, SyntaxKind } from 'ts-morph';
import type { CodeStyle } from './code-style.ts';
import { type FunctionNode, ownNodes } from './syntax-tree.ts';

/** A way to leave a function where its work cannot be done. */
export interface Exit {
  /** Statements without indentation, in the file's style. */
  readonly statements: readonly string[];
  /** The value that is returned, as source; undefined for a throw, an answer or a bare return. */
  readonly value?: string;
  readonly kind: 'return' | 'throw' | 'answer' | 'continue';
  /** How well it fits the function, 0..1. */
  readonly weight: number;
  /** What speaks for it, for a reviewer: goes on from "the function then returns `null`,". See `leaving`. */
  readonly why: string;
}

/** "the function then returns `null`, as its doc comment promises": a clause for a reviewer. */
export function leaving({ kind, value, why }: Exit): string {
  const does = {
    return: value === undefined ? 'returns' : `returns \`${value.replace(/\s+/g, ' ').slice(0, 60)}\``,
    throw: 'throws',
    answer: 'answers the request',
    continue: 'skips the item',
  }[kind];
  return `the function then ${does}, ${why}`;
}

/** Values that stand for nothing. */
export const EMPTY = /^(null|undefined|''|""|``|\[\]|\{\}|0|-1|false|NaN|new (Map|Set)\(\)|Infinity)$/;

export function returning(value: string, weight: number, why: string, { semicolon }: CodeStyle): Exit {
  return { statements: [`return ${value}${semicolon}`], value, kind: 'return', weight, why };
}

/** What the declared return type allows for "nothing". */
export function typedReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
  const declared = Node.isConstructorDeclaration(fn) ? undefined : fn.getReturnTypeNode()?.getText();
  const documented = /@returns?\s*\{([^}]*)\}/.exec(docOf(fn))?.[1];
  const type = (declared ?? documented)?.replace(/^Promise<(.*)>$/s, '$1').trim();
  if (type === undefined) return [];
  const why = `as its return type \`${type.length > 60 ? `${type.slice(0, 60)}...` : type}\` allows`;
  const members = type.split('|').map((member) => member.trim());
  const exits: Exit[] = [];
  if (members.includes('null') || type.startsWith('?')) exits.push(returning('null', 0.9, why, style));
  if (members.includes('undefined')) exits.push(returning('undefined', 0.88, why, style));
  if (type === 'void') exits.push({ statements: [`return${style.semicolon}`], kind: 'return', weight: 0.75, why });
  if (/\[\]$|^(readonly |Readonly)?(Array|ReadonlyArray)</.test(type)) exits.push(returning('[]', 0.72, why, style));
  const quoted = style.quote + style.quote;
  const simple: Record<string, string> = { string: quoted, number: '0', boolean: 'false', bigint: '0n' };
  const value = simple[type];
  if (value !== undefined) exits.push(returning(value, type === 'boolean' ? 0.65 : 0.5, why, style));
  if (/^(ReadonlyMap|Map)</.test(type)) exits.push(returning('new Map()', 0.55, why, style));
  if (/^(ReadonlySet|Set)</.test(type)) exits.push(returning('new Set()', 0.55, why, style));
  if (/^(Record|Partial)</.test(type)) exits.push(returning('{}', 0.5, why, style));
  return exits;
}

/** "null where there is nothing to send" in the doc comment. */
export function documentedReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
  const said =
    /\b(null|undefined|false|an empty (?:array|list|string|object)|zero|0|-1)\b,?\s+(?:where|if|when|for|unless|in case|otherwise)\b/i
      .exec(docOf(fn))?.[1]
      ?.toLowerCase();
  if (said === undefined) return [];
  const words: Record<string, string> = {
    'an empty array': '[]',
    'an empty list': '[]',
    'an empty string': style.quote + style.quote,
    'an empty object': '{}',
    zero: '0',
  };
  return [returning(words[said] ?? said, 0.92, 'as its doc comment promises', style)];
}

function docOf(fn: FunctionNode): string {
  const holder = Node.isArrowFunction(fn) || Node.isFunctionExpression(fn) ? fn.getFirstAncestorByKind(SyntaxKind.VariableStatement) : fn;
  return (holder ?? fn)
    .getLeadingCommentRanges()
    .map((range) => range.getText())
    .join('\n');
}

/** An empty value that the function returns elsewhere. */
export function literalReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
  return returnsOf(fn)
    .map((expression) => expression.getText())
    .filter((text) => EMPTY.test(text))
    .map((text) => returning(text, 0.78, 'as it does elsewhere', style));
}

export function returnsOf(fn: FunctionNode): Node[] {
  const body = Node.isArrowFunction(fn) ? fn.getBody() : undefined;
  if (body && !Node.isBlock(body)) return [body];
  return [...ownNodes(fn)].flatMap((node) => (Node.isReturnStatement(node) ? (node.getExpression() ?? []) : []));
}

/** The empty value of the kind that the function returns otherwise. */
export function shapedReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
  if (Node.isConstructorDeclaration(fn)) return [];
  const values = returnsOf(fn);
  const why = 'which is the empty value of the kind that it returns';
  if (values.length === 0) return [{ statements: [`return${style.semicolon}`], kind: 'return', weight: 0.6, why: 'as it gives no value' }];
  const kinds = values.map(shapeOf);
  const exits: Exit[] = [];
  if (kinds.includes('list')) exits.push(returning('[]', 0.55, why, style));
  if (kinds.includes('text')) exits.push(returning(style.quote + style.quote, 0.45, why, style));
  if (kinds.includes('number')) exits.push(returning('0', 0.42, why, style));
  if (kinds.includes('truth')) exits.push(returning('false', 0.5, why, style));
  exits.push(returning('null', kinds.includes('record') || kinds.includes('other') ? 0.48 : 0.3, 'which stands for no result', style));
  exits.push(returning('undefined', 0.4, 'which stands for no result', style));
  return exits;
}

function shapeOf(node: Node): 'list' | 'text' | 'number' | 'truth' | 'record' | 'other' {
  if (Node.isParenthesizedExpression(node) || Node.isAwaitExpression(node) || Node.isAsExpression(node))
    return shapeOf(node.getExpression());
  if (Node.isIdentifier(node)) {
    const [declaration] = node.getSymbol()?.getDeclarations() ?? [];
    const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    return initializer && !Node.isIdentifier(initializer) ? shapeOf(initializer) : 'other';
  }
  if (Node.isArrayLiteralExpression(node)) return 'list';
  if (Node.isObjectLiteralExpression(node)) return 'record';
  if (Node.isStringLiteral(node) || Node.isTemplateExpression(node) || Node.isNoSubstitutionTemplateLiteral(node)) return 'text';
  if (Node.isNumericLiteral(node)) return 'number';
  if (Node.isTrueLiteral(node) || Node.isFalseLiteral(node) || Node.isPrefixUnaryExpression(node)) return 'truth';
  if (Node.isBinaryExpression(node)) {
    const operator = node.getOperatorToken().getText();
    if (/^([<>]=?|[!=]==?|in|instanceof)$/.test(operator)) return 'truth';
    if (/^[-*/%]$/.test(operator)) return 'number';
    if (operator === '+') return [node.getLeft(), node.getRight()].map(shapeOf).includes('text') ? 'text' : 'number';
    return 'other';
  }
  if (Node.isCallExpression(node) && Node.isPropertyAccessExpression(node.getExpression())) {
    const method = node.getExpression().getText().split('.').at(-1) ?? '';
    if (/^(map|filter|slice|sort|flatMap|concat|split|reverse|keys|entries|values|toSorted)$/.test(method)) return 'list';
    if (/^(join|toUpperCase|toLowerCase|trim|toFixed|toString|padStart|padEnd|replace|replaceAll|toISOString)$/.test(method)) return 'text';
    if (/^(some|every|includes|has|startsWith|endsWith|test)$/.test(method)) return 'truth';
    if (/^(indexOf|round|floor|ceil|min|max|abs|getTime)$/.test(method)) return 'number';
  }
  return 'other';
}
