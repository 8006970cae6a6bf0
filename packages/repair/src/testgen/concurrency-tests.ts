import { type CallExpression, Node, type ParameterDeclaration } from 'ts-morph';
import { atSite } from '../templates/causes.ts';
import { type FunctionNode, functionAround, ownNodes } from '../templates/syntax-tree.ts';
import type { Argument, ArgumentContext } from './arguments.ts';
import { loggedArguments, minimalArguments } from './arguments.ts';
import { callValues } from './call-values.ts';
import { existingArguments } from './existing-calls.ts';
import { type CodeFunction, functionAt, functionOf } from './function-node.ts';
import { scaled } from './scaled-input.ts';
import { subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport, TestPlan } from './test-plan.ts';

const ITEMS = 12;
/** Waits that must be under way at once, of twelve. */
const AT_ONCE = 4;

/**
 * Tests that count how many waits are under way at once. What the function waits for is a dependency that is passed in, and counts its
 * calls; or else Node's own list of open asynchronous operations. No clock is read.
 */
export function concurrencyTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const { rootCause } = diagnosis.analysis;
  const site = atSite({ analysis: diagnosis.analysis, codebase, sources }, rootCause);
  const fn = functionOf(functionAt(rootCause.location, codebase), sources);
  if (!site || !fn) return [];
  const { line, endLine = line } = rootCause.location;
  const awaits = site.source
    .getDescendants()
    .filter(
      (node) => Node.isAwaitExpression(node) && node.getStartLineNumber() >= line && node.getEndLineNumber() <= Math.max(line, endLine),
    );
  const calls = awaits
    .flatMap((node) => (Node.isAwaitExpression(node) && Node.isCallExpression(node.getExpression()) ? [node.getExpression()] : []))
    .filter((node): node is CallExpression => Node.isCallExpression(node));
  const loop = awaits[0]?.getFirstAncestor((node) => Node.isForOfStatement(node) || Node.isForStatement(node));
  const collection = loop && collectionOf(loop, fn.node);
  return argumentLists(context, fn).flatMap((args, rank) => {
    const weight = 0.9 ** rank;
    const watched = calls.flatMap((call) => watchedPlan(context, fn, args, call, collection) ?? []).slice(0, 1);
    return [
      ...watched.map((plan) => ({ ...plan, weight })),
      ...(openOperationsPlan(context, fn, args, collection) ?? []).map((plan) => ({ ...plan, weight: weight * 0.6 })),
    ];
  });
}

/** A parameter, and the members that lead from it to a value. */
export interface FromParameter {
  readonly index: number;
  readonly path: readonly string[];
}

function collectionOf(loop: Node, fn: FunctionNode): FromParameter | undefined {
  if (Node.isForOfStatement(loop)) return fromParameter(loop.getExpression(), fn);
  const condition = Node.isForStatement(loop) ? loop.getCondition() : undefined;
  const limit = Node.isBinaryExpression(condition) ? condition.getRight() : undefined;
  return Node.isPropertyAccessExpression(limit) ? fromParameter(limit.getExpression(), fn) : undefined;
}

/** Where an expression comes from: `deps.inventory.stockOf` from the parameter `deps`. */
export function fromParameter(expression: Node, fn: FunctionNode): FromParameter | undefined {
  if (Node.isPropertyAccessExpression(expression)) {
    const owner = fromParameter(expression.getExpression(), fn);
    return owner && { ...owner, path: [...owner.path, expression.getName()] };
  }
  if (!Node.isIdentifier(expression)) return undefined;
  const name = expression.getText();
  for (const [index, parameter] of fn.getParameters().entries()) {
    const path = bindingPath(parameter, name);
    if (path) return { index, path };
  }
  const [declaration] = expression.getSymbol()?.getDeclarations() ?? [];
  const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
  if (initializer) return Node.isIdentifier(declaration) ? undefined : fromParameter(initializer, fn);
  return Node.isBindingElement(declaration) ? fromPattern(declaration, fn) : undefined;
}

function fromPattern(element: Node, fn: FunctionNode): FromParameter | undefined {
  if (!Node.isBindingElement(element)) return undefined;
  const holder = element.getParent().getParent();
  const initializer = Node.isVariableDeclaration(holder) ? holder.getInitializer() : undefined;
  const owner = initializer && fromParameter(initializer, fn);
  return owner && { ...owner, path: [...owner.path, element.getPropertyNameNode()?.getText() ?? element.getName()] };
}

function bindingPath(parameter: ParameterDeclaration, name: string): string[] | undefined {
  const pattern = parameter.getNameNode();
  if (Node.isIdentifier(pattern)) return pattern.getText() === name ? [] : undefined;
  if (!Node.isObjectBindingPattern(pattern)) return undefined;
  const element = pattern.getElements().find((one) => one.getName() === name);
  return element && [element.getPropertyNameNode()?.getText() ?? element.getName()];
}

/** Arguments of calls in the repository's own tests, of production, and made-up ones. */
export function argumentLists({ codebase, sources, style, diagnosis }: TestContext, fn: CodeFunction): Argument[][] {
  const context: ArgumentContext = { codebase, sources, style: style.code, shape: {} };
  const logged = callValues([...diagnosis.analysis.failingCalls, ...diagnosis.analysis.passingCalls]).flatMap((values) =>
    loggedArguments(fn, values, context).slice(0, 1),
  );
  const existing = existingArguments(fn, codebase, sources);
  return [
    ...logged.filter((list) => list.confidence > 0.7).map((list) => [...list.args]),
    ...existing,
    ...logged.map((list) => [...list.args]),
    [...minimalArguments(fn, context).args],
  ].slice(0, 5);
}

function withScaledList(
  args: readonly Argument[],
  collection: FromParameter | undefined,
  size: string,
  quote: string,
): Argument[] | undefined {
  if (!collection) return [...args];
  const target = args[collection.index];
  const longer = target && scaled(target, collection.path, [], quote);
  return longer && args.map((arg, index) => (index === collection.index ? { ...arg, code: longer.code(size) } : arg));
}

function watchedPlan(
  context: TestContext,
  fn: CodeFunction,
  args: readonly Argument[],
  call: CallExpression,
  collection: FromParameter | undefined,
): TestPlan | undefined {
  if (functionAround(call) !== fn.node && ![...ownNodes(fn.node)].includes(call)) return undefined;
  const from = fromParameter(call.getExpression(), fn.node);
  const { style, assert, diagnosis } = context;
  const { semicolon: end, indent } = style.code;
  const long = from && from.index !== collection?.index ? withScaledList(args, collection, String(ITEMS), style.code.quote) : undefined;
  const target = from && long?.[from.index];
  if (!from || !long || !target) return undefined;
  const name = target.name;
  const member = from.path.at(-1);
  const owner = [name, ...from.path.slice(0, -1)].join('.');
  const original = member ?? `${name}Itself`;
  const typed = style.typescript ? `: Parameters<typeof ${original}>` : '';
  const watched = (assign: string) => [
    `${assign} = async (...args${typed}) => {`,
    `${indent}running += 1${end}`,
    `${indent}most = Math.max(most, running)${end}`,
    `${indent}await new Promise((resolve) => setImmediate(resolve))${end}`,
    `${indent}running -= 1${end}`,
    `${indent}return ${original}(...args)${end}`,
    `}${end}`,
  ];
  const setup =
    member === undefined
      ? [`const ${original} = ${target.code}${end}`, ...watched(`const ${name}`)]
      : [
          `const ${name} = ${target.code}${end}`,
          `const ${original} = ${owner}.${member}.bind(${owner})${end}`,
          ...watched(`${owner}.${member}`),
        ];
  const subject = subjectCall(
    fn,
    {
      args: long.map((arg, index) => (index === from.index ? { ...arg, code: name, imports: arg.imports } : arg)),
      confidence: 1,
      origin: '',
    },
    style,
  );
  if (!subject) return undefined;
  const own = subject.setup.filter((line) => !line.startsWith(`const ${name}`) || !line.includes(`= ${name}`));
  return {
    proof: 'growth',
    target: diagnosis.analysis.rootCause.location,
    subject: fn.info.name.split('.').at(-1) ?? fn.info.name,
    claim: 'waits for its items side by side',
    imports: subject.imports,
    body: [
      `let running = 0${end}`,
      `let most = 0${end}`,
      ...setup,
      ...own,
      `await ${subject.call}${end}`,
      assert.truthy(`most >= ${AT_ONCE}`, 'one wait at a time'),
    ],
    asynchronous: true,
    source: {
      events: diagnosis.analysis.failingCalls.slice(0, 1).map((one) => one.eventId),
      description: `${ITEMS} items, as in a large call of production`,
    },
    expectation: `at least ${AT_ONCE} of ${ITEMS} waits of ${owner}${member === undefined ? '' : `.${member}`} are under way at once`,
    weight: 1,
  };
}

/** What the function waits for is its own import: the open operations of the process are counted, for one item and for many. */
function openOperationsPlan(
  context: TestContext,
  fn: CodeFunction,
  args: readonly Argument[],
  collection: FromParameter | undefined,
): TestPlan[] | undefined {
  const { style, assert, diagnosis } = context;
  const { semicolon: end, indent, quote } = style.code;
  if (!collection) return undefined;
  const long = withScaledList(args, collection, 'size', quote);
  const subject = long && subjectCall(fn, { args: long, confidence: 1, origin: '' }, style);
  if (!subject) return undefined;
  const hook: TestImport = { module: 'node:async_hooks', name: 'createHook', as: 'createHook' };
  const typed = style.typescript ? ': number' : '';
  const body = [
    `const mostOpen = async (size${typed}) => {`,
    ...subject.setup.flatMap((line) => line.split('\n')).map((line) => indent + line),
    `${indent}const open = new Set${style.typescript ? '<number>' : ''}()${end}`,
    `${indent}let most = 0${end}`,
    `${indent}const hook = createHook({`,
    `${indent}${indent}init(id, type) {`,
    `${indent}${indent}${indent}if (!/^(PROMISE|TickObject|Microtask)$/.test(type)) most = Math.max(most, open.add(id).size)${end}`,
    `${indent}${indent}},`,
    `${indent}${indent}before: (id) => void open.delete(id),`,
    `${indent}${indent}destroy: (id) => void open.delete(id),`,
    `${indent}})${end}`,
    `${indent}hook.enable()${end}`,
    `${indent}await ${subject.call}.finally(() => hook.disable())${end}`,
    `${indent}return most${end}`,
    `}${end}`,
    `const alone = await mostOpen(1)${end}`,
    assert.truthy(`(await mostOpen(${ITEMS})) >= alone + ${AT_ONCE - 1}`, 'one wait at a time'),
  ];
  return [
    {
      proof: 'growth',
      target: diagnosis.analysis.rootCause.location,
      subject: fn.info.name.split('.').at(-1) ?? fn.info.name,
      claim: 'waits for its items side by side',
      imports: [hook, ...subject.imports],
      body,
      asynchronous: true,
      source: { events: diagnosis.analysis.failingCalls.slice(0, 1).map((one) => one.eventId), description: `one item against ${ITEMS}` },
      expectation: `with ${ITEMS} items, at least ${AT_ONCE - 1} more operations are open at once than with one`,
      weight: 0.6,
    },
  ];
}
