import type { DeclaredFlow } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { type CodeFile, enclosingFunction, shortName } from '../../codebase/code-index.ts';
import { resolveFunctions } from '../../codebase/resolve-callee.ts';
import { descendants, endLineOf, isFunctionNode, lineOf } from '../../codebase/syntax/parse-source.ts';
import type { CodeView } from '../code-view.ts';

/** A place in the code where a step of a flow is run. */
export interface StepSite {
  /** The step's name as the flow is expected to log it. */
  readonly step: string;
  /** The statement that runs it, or the entry of a table of steps. */
  readonly node: ts.Node;
  /** The call that runs it, or the name in the table. */
  readonly call: ts.Node;
  readonly file: CodeFile;
  readonly line: number;
  readonly endLine: number;
}

/** The code that runs a flow: one function, or one table of steps. */
export interface FlowCode {
  readonly container: ts.Node;
  readonly file: CodeFile;
  /** In source order. */
  readonly sites: readonly StepSite[];
}

/** All names of each step: what it is expected to log, and what a declared flow calls its event and handler. */
export function stepNames(steps: Iterable<string>, flow: DeclaredFlow | undefined): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const step of steps) {
    const declared = flow?.steps.find((one) => one.event === step || one.handler === step);
    names.set(step, new Set([step, declared?.event, declared?.handler].filter((name) => name !== undefined)));
  }
  return names;
}

/**
 * Finds the code that runs the steps, as string literals (`run('reserveStock', ...)`, `['validate', 'charge']`) or as calls of
 * functions of those names: the one place that names most of them. Undefined where no place names two.
 */
export function findFlowCode(view: CodeView, names: ReadonlyMap<string, ReadonlySet<string>>): FlowCode | undefined {
  const byContainer = new Map<ts.Node, StepSite[]>();
  for (const file of view.index.files.values()) {
    if (view.file(file.path) === undefined) continue;
    for (const { site, container } of sitesIn(view, file, names)) byContainer.set(container, [...(byContainer.get(container) ?? []), site]);
  }
  const candidates = [...byContainer].map(([container, sites]) => ({
    container,
    sites: withoutNested(sites),
    distinct: new Set(sites.map((site) => site.step)).size,
  }));
  const best = candidates.sort((a, b) => b.distinct - a.distinct || a.sites.length - b.sites.length)[0];
  const [first] = best?.sites ?? [];
  return best === undefined || first === undefined || best.distinct < 2
    ? undefined
    : { container: best.container, file: first.file, sites: best.sites };
}

function* sitesIn(
  view: CodeView,
  file: CodeFile,
  names: ReadonlyMap<string, ReadonlySet<string>>,
): Generator<{ site: StepSite; container: ts.Node }> {
  for (const node of descendants(file.source, (one) => !ts.isTypeNode(one))) {
    const step = stepAt(view, file, node, names);
    if (step === undefined) continue;
    const table = tableEntry(node);
    const isBody = (owner: ts.Node) => runsSeveral(view, file, owner, names);
    const holder = table?.entry ?? statementOf(node, isBody);
    const container = table?.table ?? bodyAround(node, isBody) ?? enclosingFunction(view.index, node)?.node ?? file.source;
    yield { site: { step, node: holder, call: node, file, line: lineOf(holder), endLine: endLineOf(holder) }, container };
  }
}

function stepAt(view: CodeView, file: CodeFile, node: ts.Node, names: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  if (ts.isStringLiteralLike(node)) return isSpoken(node) ? stepNamed(names, node.text) : undefined;
  if (ts.isIdentifier(node) && ts.isArrayLiteralExpression(node.parent)) return stepNamed(names, node.text);
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const written = ts.isIdentifier(callee) ? callee.text : ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
  if (written === undefined) return undefined;
  const direct = stepNamed(names, written);
  if (direct !== undefined) return direct;
  const [only, ...others] = resolveFunctions(view.index, file, callee);
  return only === undefined || others.length > 0 ? undefined : stepNamed(names, shortName(only.name));
}

function stepNamed(names: ReadonlyMap<string, ReadonlySet<string>>, name: string): string | undefined {
  for (const [step, known] of names) if (known.has(name)) return step;
  return undefined;
}

/** An argument of a call, an entry of a list, or a field of an entry: not a comparison or a type. */
function isSpoken(literal: ts.StringLiteralLike): boolean {
  const { parent } = literal;
  if (ts.isCallExpression(parent)) return parent.arguments.some((one) => one === literal);
  return ts.isArrayLiteralExpression(parent) || (ts.isPropertyAssignment(parent) && parent.initializer === literal);
}

/** The entry of the outermost list of steps that a node belongs to: `'a'` of `['a', 'b']`, `{ name: 'a' }` of `[{ name: 'a' }]`. */
function tableEntry(node: ts.Node): { entry: ts.Node; table: ts.ArrayLiteralExpression } | undefined {
  for (let at = node; at.parent !== undefined && !ts.isStatement(at); at = at.parent) {
    if (isFunctionNode(at)) return undefined;
    if (ts.isArrayLiteralExpression(at.parent) && at.parent.elements.length > 1 && !isPromiseAll(at.parent))
      return { entry: at, table: at.parent };
  }
  return undefined;
}

function isPromiseAll(list: ts.ArrayLiteralExpression): boolean {
  return ts.isCallExpression(list.parent) && list.parent.expression.getText().startsWith('Promise.');
}

/** The statement that a person would move to move the step: directly within the block of the function that runs the flow. */
function statementOf(node: ts.Node, isBody: (owner: ts.Node) => boolean): ts.Node {
  let at = node;
  let found: ts.Node = node;
  while (at.parent !== undefined && !ts.isSourceFile(at)) {
    if (ts.isStatement(at) && !ts.isBlock(at)) {
      found = at;
      const callback = callbackAround(at);
      if (callback === undefined || isBody(callback)) return at;
    }
    at = at.parent;
  }
  return found;
}

/** The callback that is the body of the flow: `app.post('/orders', async (request, reply) => { ...steps... })`. */
function bodyAround(node: ts.Node, isBody: (owner: ts.Node) => boolean): ts.Node | undefined {
  for (let at = callbackAround(node); at !== undefined; at = callbackAround(at)) if (isBody(at)) return at;
  return undefined;
}

/** `run('x', () => { charge(); })`: the statement within the callback is part of the call around it. */
function callbackAround(node: ts.Node): ts.Node | undefined {
  const owner = ts.findAncestor(node.parent, isFunctionNode);
  const isCallback =
    owner !== undefined &&
    (ts.isArrowFunction(owner) || ts.isFunctionExpression(owner)) &&
    ts.isCallExpression(owner.parent) &&
    ts.isStringLiteralLike(owner.parent.arguments[0] ?? owner);
  return isCallback ? owner : undefined;
}

/** Whether statements of this very function run two steps or more: then it runs the flow, whoever calls it. */
function runsSeveral(view: CodeView, file: CodeFile, owner: ts.Node, names: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (!isFunctionNode(owner) || !ts.isBlock(owner.body)) return false;
  const { statements } = owner.body;
  const runs = statements.map((statement) => stepIn(view, file, statement, names));
  return new Set(runs.filter((step) => step !== undefined)).size > 1;
}

function stepIn(view: CodeView, file: CodeFile, statement: ts.Node, names: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  for (const node of descendants(statement, (one) => !ts.isTypeNode(one))) {
    const step = stepAt(view, file, node, names);
    if (step !== undefined) return step;
  }
  return undefined;
}

/** One site for each statement and step: `run('charge', () => charge())` speaks of the step twice. */
function withoutNested(sites: readonly StepSite[]): StepSite[] {
  const kept = new Map<string, StepSite>();
  for (const site of sites) {
    const key = `${site.node.pos}:${site.node.end}:${site.step}`;
    if (!kept.has(key)) kept.set(key, site);
  }
  return [...kept.values()].sort((a, b) => a.node.pos - b.node.pos || a.call.pos - b.call.pos);
}
