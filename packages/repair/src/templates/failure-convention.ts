import { type IfStatement, Node, type Statement, SyntaxKind } from 'ts-morph';
import type { CodeStyle } from './code-style.ts';
import { handlerAround, httpHandler } from './http-framework.ts';
import { type FunctionNode, functionAround, functionsOf, isInScope, ownNodes, usedNames } from './syntax-tree.ts';

/** A way to leave a function where its work cannot be done. */
export interface Exit {
  /** Statements without indentation, in the file's style. */
  readonly statements: readonly string[];
  /** The value that is returned, as source; undefined for a throw, an answer or a bare return. */
  readonly value?: string;
  readonly kind: 'return' | 'throw' | 'answer' | 'continue';
  /** How well it fits the function, 0..1. */
  readonly weight: number;
  /** Why, for a reviewer. */
  readonly why: string;
}

/**
 * How a function gives up: by its own guards first, then by its return type, doc comment and other returns, then by its siblings in the
 * file. `at` is the code that cannot go on; an exit that uses names unknown there is left out. Best first, one of each.
 */
export function failureConvention(at: Node, style: CodeStyle): Exit[] {
  const fn = functionAround(at);
  if (!fn) return [];
  const exits = [
    ...ownGuards(fn, at),
    ...loopExits(at, fn, style),
    ...callbackExits(fn, style),
    ...answers(at, fn, style),
    ...typedReturns(fn, style),
    ...documentedReturns(fn, style),
    ...literalReturns(fn, style),
    ...siblingGuards(fn, at, style),
    ...shapedReturns(fn, style),
  ];
  const best = new Map<string, Exit>();
  for (const exit of exits) {
    const key = exit.statements.join('\n');
    const known = best.get(key);
    // Two reasons for the same exit are better than one.
    if (!known) best.set(key, exit);
    else
      best.set(key, { ...(known.weight >= exit.weight ? known : exit), weight: Math.min(1, Math.max(known.weight, exit.weight) + 0.04) });
  }
  return [...best.values()].sort((a, b) => b.weight - a.weight);
}

/** The value that functions like this one return in place of a result, as source, best first. */
export function failureValues(at: Node, style: CodeStyle): string[] {
  return failureConvention(at, style).flatMap((exit) => (exit.kind === 'return' && exit.value !== undefined ? [exit.value] : []));
}

const EMPTY = /^(null|undefined|''|""|``|\[\]|\{\}|0|-1|false|NaN|new (Map|Set)\(\)|Infinity)$/;

function returning(value: string, weight: number, why: string, { semicolon }: CodeStyle): Exit {
  return { statements: [`return ${value}${semicolon}`], value, kind: 'return', weight, why };
}

/** `if (!x) return null;` of the same function: the surest sign. */
function ownGuards(fn: FunctionNode, at: Node): Exit[] {
  return guardsIn(fn).flatMap((guard) => exitOf(guard, at, 0.95, 'as the function itself does in such a case'));
}

function guardsIn(fn: FunctionNode): IfStatement[] {
  return [...ownNodes(fn)].filter(
    (node): node is IfStatement => Node.isIfStatement(node) && looksForMissing(node.getExpression().getText()),
  );
}

function looksForMissing(condition: string): boolean {
  return /!\s*[\w(]|[=!]==?\s*(null|undefined)|(null|undefined)\s*[=!]==?|\.length\s*(===?|<|<=)\s*\d|typeof|isNaN|isFinite|isInteger|isArray/.test(
    condition,
  );
}

function exitOf(guard: IfStatement, at: Node, weight: number, why: string): Exit[] {
  const then = guard.getThenStatement();
  const statements = Node.isBlock(then) ? then.getStatements() : [then];
  const last = statements.at(-1);
  if (!last || statements.length > 3 || guard.getElseStatement()) return [];
  const kind = kindOf(last, statements);
  if (!kind || !statements.every((statement) => usedNames(statement).every((name) => isKnown(name, at)))) return [];
  const value = Node.isReturnStatement(last) ? last.getExpression()?.getText() : undefined;
  return [
    {
      statements: statements.map((statement) => statement.getText()),
      kind,
      weight: kind === 'throw' ? weight * 0.6 : weight,
      why,
      ...(value === undefined ? {} : { value }),
    },
  ];
}

function kindOf(last: Statement, statements: readonly Statement[]): Exit['kind'] | undefined {
  if (Node.isThrowStatement(last)) return 'throw';
  if (Node.isContinueStatement(last)) return 'continue';
  if (!Node.isReturnStatement(last)) return undefined;
  const answers = /\.(status|code|sendStatus|writeHead|send|json|end)\(|\b(ctx|res|reply)\.(status|statusCode)\s*=/;
  return statements.some((statement) => answers.test(statement.getText())) ? 'answer' : 'return';
}

function isKnown(name: string, at: Node): boolean {
  return isInScope(name, at) || /^(undefined|null|NaN|Infinity)$/.test(name) || name in globalThis;
}

/** In a loop of the same function, the next round is tried. */
function loopExits(at: Node, fn: FunctionNode, { semicolon }: CodeStyle): Exit[] {
  const loop = at.getFirstAncestor((node) => node === fn || isLoop(node));
  if (!loop || loop === fn || !isWithinBody(loop, at)) return [];
  const precedent = loop.getDescendantsOfKind(SyntaxKind.ContinueStatement).length > 0;
  return [
    {
      statements: [`continue${semicolon}`],
      kind: 'continue',
      weight: precedent ? 0.85 : 0.62,
      why: 'skips the item, as the loop goes on with the others',
    },
  ];
}

function isLoop(node: Node): boolean {
  return Node.isForOfStatement(node) || Node.isForInStatement(node) || Node.isForStatement(node) || Node.isWhileStatement(node);
}

function isWithinBody(loop: Node, at: Node): boolean {
  return Node.isIterationStatement(loop) && loop.getStatement().containsRange(at.getPos(), at.getEnd());
}

const CALLBACK_VALUES: Readonly<Record<string, string>> = {
  filter: 'false',
  some: 'false',
  find: 'false',
  findIndex: 'false',
  findLast: 'false',
  flatMap: '[]',
};

/** What a callback of an array method gives for an item that is to be left out. */
function callbackExits(fn: FunctionNode, style: CodeStyle): Exit[] {
  const call = fn.getParentIfKind(SyntaxKind.CallExpression);
  const callee = call?.getExpression();
  if (!callee || !Node.isPropertyAccessExpression(callee) || call?.getArguments()[0] !== fn) return [];
  const method = callee.getName();
  const value = CALLBACK_VALUES[method];
  if (value !== undefined) return [returning(value, 0.7, `leaves the item out of ${method}`, style)];
  if (method === 'forEach') return [{ statements: [`return${style.semicolon}`], kind: 'return', weight: 0.7, why: 'skips the item' }];
  const accumulator = fn.getParameters()[0]?.getName();
  return method === 'reduce' && accumulator !== undefined ? [returning(accumulator, 0.75, 'leaves the item out of the sum', style)] : [];
}

/** A request handler answers with a client error; so does a callback within one that is called when the request has come in. */
function answers(at: Node, fn: FunctionNode, style: CodeStyle): Exit[] {
  const own = httpHandler(fn);
  const around = own ? undefined : handlerAround(at);
  const isCallback = around !== undefined && returnsOf(fn).length === 0 && Node.isCallExpression(fn.getParent());
  const http = own ?? (isCallback ? around?.http : undefined);
  if (!http) return [];
  const statements = http.answer(400, 'invalid request', style.quote, style.semicolon);
  return [
    {
      statements,
      kind: 'answer',
      weight: isCallback ? 0.72 : 0.66,
      why: `answers 400, as ${http.framework} handlers do for input they cannot use`,
    },
  ];
}

/** What the declared return type allows for "nothing". */
function typedReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
  const declared = Node.isConstructorDeclaration(fn) ? undefined : fn.getReturnTypeNode()?.getText();
  const documented = /@returns?\s*\{([^}]*)\}/.exec(docOf(fn))?.[1];
  const type = (declared ?? documented)?.replace(/^Promise<(.*)>$/s, '$1').trim();
  if (type === undefined) return [];
  const why = `the return type is ${type.length > 60 ? `${type.slice(0, 60)}...` : type}`;
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
function documentedReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
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
  return [returning(words[said] ?? said, 0.92, `the doc comment promises ${said}`, style)];
}

function docOf(fn: FunctionNode): string {
  const holder = Node.isArrowFunction(fn) || Node.isFunctionExpression(fn) ? fn.getFirstAncestorByKind(SyntaxKind.VariableStatement) : fn;
  return (holder ?? fn)
    .getLeadingCommentRanges()
    .map((range) => range.getText())
    .join('\n');
}

/** An empty value that the function returns elsewhere. */
function literalReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
  return returnsOf(fn)
    .map((expression) => expression.getText())
    .filter((text) => EMPTY.test(text))
    .map((text) => returning(text, 0.78, 'the function returns it elsewhere', style));
}

function returnsOf(fn: FunctionNode): Node[] {
  const body = Node.isArrowFunction(fn) ? fn.getBody() : undefined;
  if (body && !Node.isBlock(body)) return [body];
  return [...ownNodes(fn)].flatMap((node) => (Node.isReturnStatement(node) ? (node.getExpression() ?? []) : []));
}

/** Guards of the other functions of the file, those over a parameter of the same name first. */
function siblingGuards(fn: FunctionNode, at: Node, style: CodeStyle): Exit[] {
  const own = new Set(fn.getParameters().map((parameter) => parameter.getName()));
  return functionsOf(fn.getSourceFile())
    .filter((other) => other !== fn && !other.containsRange(fn.getPos(), fn.getEnd()))
    .flatMap((other) => {
      const alike = other.getParameters().some((parameter) => own.has(parameter.getName()));
      const exits = guardsIn(other).flatMap((guard) => exitOf(guard, at, alike ? 0.76 : 0.6, 'as its neighbours in the file do'));
      return exits
        .filter((exit) => exit.kind !== 'return' || exit.value === undefined || EMPTY.test(exit.value) || alike)
        .filter((exit) => exit.kind !== 'continue');
    })
    .filter((exit) => fitsReturns(exit, fn))
    .map((exit) => (exit.kind === 'return' && exit.value === undefined ? { ...exit, statements: [`return${style.semicolon}`] } : exit));
}

/** A bare return of a neighbour says nothing to a function that gives values, and the other way round. */
function fitsReturns(exit: Exit, fn: FunctionNode): boolean {
  if (exit.kind !== 'return') return true;
  return (exit.value === undefined) === (returnsOf(fn).length === 0);
}

/** The empty value of the kind that the function returns otherwise. */
function shapedReturns(fn: FunctionNode, style: CodeStyle): Exit[] {
  if (Node.isConstructorDeclaration(fn)) return [];
  const values = returnsOf(fn);
  const why = 'the empty value of the kind it returns';
  if (values.length === 0)
    return [{ statements: [`return${style.semicolon}`], kind: 'return', weight: 0.6, why: 'the function returns nothing' }];
  const kinds = values.map(shapeOf);
  const exits: Exit[] = [];
  if (kinds.includes('list')) exits.push(returning('[]', 0.55, why, style));
  if (kinds.includes('text')) exits.push(returning(style.quote + style.quote, 0.45, why, style));
  if (kinds.includes('number')) exits.push(returning('0', 0.42, why, style));
  if (kinds.includes('truth')) exits.push(returning('false', 0.5, why, style));
  exits.push(returning('null', kinds.includes('record') || kinds.includes('other') ? 0.48 : 0.3, 'null stands for no result', style));
  exits.push(returning('undefined', 0.4, 'undefined stands for no result', style));
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
