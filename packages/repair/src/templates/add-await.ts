import type { FixTemplate } from '@selfheal/contracts';
import { type CallExpression, Node, SyntaxKind } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { atEachSite, nodesAt, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { type FunctionNode, functionAround } from './syntax-tree.ts';

const CATEGORIES = ['missing-await', 'not-a-function', 'null-access', 'unhandled-rejection'];

/** Awaits a promise that is used as its value; a list of promises as a whole. */
export const addAwait: FixTemplate = {
  name: 'add-await',
  categories: CATEGORIES,
  prior: 0.6,
  source:
    'typescript-eslint no-floating-promises and no-misused-promises; missing await is the most common defect of async JavaScript (Wang et al., ASE 2017)',
  propose: atEachSite(CATEGORIES, (site) => promisesAt(site).map((call) => awaited(site, call))),
};

function promisesAt(site: Site): CallExpression[] {
  const said = textValue(site.data.call);
  const calls = nodesAt(site, (node): node is CallExpression => Node.isCallExpression(node) && !isAwaited(node));
  if (site.cause.category === 'missing-await') {
    const named = calls.filter((call) => call.getText().replace(/\s+/g, '') === said?.replace(/\s+/g, ''));
    return (named.length > 0 ? named : calls.filter((call) => isAsync(site, call))).slice(0, 3);
  }
  const used = calls.filter((call) => isAsync(site, call));
  return [...used, ...sourcesOf(site)].slice(0, 3);
}

/** Calls whose promise was put into a constant that is used on the line. */
function sourcesOf(site: Site): CallExpression[] {
  const receiver = textValue(site.data.receiver);
  if (receiver === undefined || !/^[A-Za-z_$][\w$]*$/.test(receiver)) return [];
  return site.source.getDescendantsOfKind(SyntaxKind.VariableDeclaration).flatMap((declaration) => {
    const initializer = declaration.getInitializer();
    const fits = declaration.getName() === receiver && Node.isCallExpression(initializer) && isAsync(site, initializer);
    return fits && Node.isCallExpression(initializer) ? [initializer] : [];
  });
}

function isAwaited(call: CallExpression): boolean {
  const parent = call.getParent();
  if (Node.isPropertyAccessExpression(parent)) return /^(then|catch|finally)$/.test(parent.getName());
  return Node.isAwaitExpression(parent) || Node.isReturnStatement(parent) || (Node.isArrowFunction(parent) && parent.getBody() === call);
}

/** Whether a call surely gives a promise: an async function of the code base of that name, or a list of such. */
function isAsync(site: Site, call: CallExpression): boolean {
  const name = call.getExpression().getText().split('.').at(-1) ?? '';
  const [callback] = call.getArguments();
  if (/^(map|forEach)$/.test(name) && (Node.isArrowFunction(callback) || Node.isFunctionExpression(callback))) return callback.isAsync();
  if (/^Promise\.(all|allSettled|race|any)$/.test(call.getExpression().getText()) || name === 'fetch') return true;
  const named = site.context.codebase.functions.filter((one) => (one.name.split('.').at(-1) ?? one.name) === name);
  return named.length > 0 && named.every((one) => one.async || /^Promise</.test(one.returnType ?? ''));
}

function awaited(site: Site, call: CallExpression): Proposal | undefined {
  const fn = functionAround(call);
  const isList = /\.(map)$/.test(call.getExpression().getText());
  const isEach = /\.(forEach)$/.test(call.getExpression().getText());
  const changes = isEach ? eachAsMap(call) : wrapped(call, isList);
  const about = {
    title: `Await ${shorten(call)}`,
    rationale: `\`${shorten(call)}\` gives a promise, and the code goes on as if it had its value.`,
  };
  if (!fn)
    return Node.isSourceFile(call.getSourceFile()) && site.context.codebase.moduleSystem === 'esm'
      ? proposal(site, call, changes, { ...about, naturalness: 0.4 })
      : undefined;
  if (
    fn.getFirstChildByKind(SyntaxKind.AsteriskToken) ||
    Node.isConstructorDeclaration(fn) ||
    Node.isGetAccessorDeclaration(fn) ||
    Node.isSetAccessorDeclaration(fn)
  )
    return undefined;
  if (fn.isAsync()) return proposal(site, call, changes, { ...about, naturalness: 0.95 });
  return proposal(site, call, [...changes, ...madeAsync(fn)], { ...about, naturalness: isCallback(fn) ? 0.7 : 0.4 });
}

function wrapped(call: CallExpression, isList: boolean): Change[] {
  const [before, after] = isList ? ['await Promise.all(', ')'] : ['await ', ''];
  const parent = call.getParent();
  const isPart =
    (Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent) || Node.isCallExpression(parent)) &&
    parent.getExpression() === call;
  const needed = isPart || Node.isNonNullExpression(parent);
  return [
    { start: call.getStart(), end: call.getStart(), text: (needed ? '(' : '') + before },
    { start: call.getEnd(), end: call.getEnd(), text: after + (needed ? ')' : '') },
  ];
}

/** `list.forEach(async ...)` waits for nothing; `await Promise.all(list.map(async ...))` does. */
function eachAsMap(call: CallExpression): Change[] {
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return [];
  const name = callee.getNameNode();
  return [
    { start: call.getStart(), end: call.getStart(), text: 'await Promise.all(' },
    { start: name.getStart(), end: name.getEnd(), text: 'map' },
    { start: call.getEnd(), end: call.getEnd(), text: ')' },
  ];
}

function madeAsync(fn: FunctionNode): Change[] {
  const start = Node.isMethodDeclaration(fn)
    ? fn.getNameNode().getStart()
    : fn.isKind(SyntaxKind.FunctionDeclaration)
      ? (fn.getFirstChildByKind(SyntaxKind.FunctionKeyword)?.getStart() ?? fn.getStart())
      : fn.getStart();
  const type = Node.isConstructorDeclaration(fn) ? undefined : fn.getReturnTypeNode();
  const promised =
    type && !/^Promise</.test(type.getText()) ? [{ start: type.getStart(), end: type.getEnd(), text: `Promise<${type.getText()}>` }] : [];
  return [{ start, end: start, text: 'async ' }, ...promised];
}

function isCallback(fn: FunctionNode): boolean {
  return Node.isCallExpression(fn.getParent());
}

function shorten(call: Node): string {
  const flat = call.getText().replace(/\s+/g, ' ');
  return flat.length > 50 ? `${flat.slice(0, 47)}...` : flat;
}
