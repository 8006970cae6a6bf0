import { type IfStatement, Node, type Statement, SyntaxKind } from 'ts-morph';
import type { CodeStyle } from './code-style.ts';
import { handlerAround, httpHandler } from './http-framework.ts';
import { documentedReturns, EMPTY, type Exit, literalReturns, returning, returnsOf, shapedReturns, typedReturns } from './return-values.ts';
import { type FunctionNode, functionAround, functionsOf, isInScope, ownNodes, usedNames } from './syntax-tree.ts';

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

/** `if (!x) return null;` of the same function: the surest sign. */
function ownGuards(fn: FunctionNode, at: Node): Exit[] {
  return guardsIn(fn).flatMap((guard) => exitOf(guard, at, 0.95, 'as it does elsewhere in such a case'));
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
      why: 'so that the loop goes on with the others',
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
  if (value !== undefined) return [returning(value, 0.7, `which leaves the item out of what \`${method}\` gives`, style)];
  if (method === 'forEach') return [{ statements: [`return${style.semicolon}`], kind: 'return', weight: 0.7, why: 'which skips the item' }];
  const accumulator = fn.getParameters()[0]?.getName();
  return method === 'reduce' && accumulator !== undefined
    ? [returning(accumulator, 0.75, 'which leaves the item out of the sum', style)]
    : [];
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
      why: `with status 400, as ${http.framework} handlers do for input that they cannot use`,
    },
  ];
}

/** Guards of the other functions of the file, those over a parameter of the same name first. */
function siblingGuards(fn: FunctionNode, at: Node, style: CodeStyle): Exit[] {
  const own = new Set(fn.getParameters().map((parameter) => parameter.getName()));
  return functionsOf(fn.getSourceFile())
    .filter((other) => other !== fn && !other.containsRange(fn.getPos(), fn.getEnd()))
    .flatMap((other) => {
      const alike = other.getParameters().some((parameter) => own.has(parameter.getName()));
      const exits = guardsIn(other).flatMap((guard) => exitOf(guard, at, alike ? 0.76 : 0.6, 'as other functions of the file do'));
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
