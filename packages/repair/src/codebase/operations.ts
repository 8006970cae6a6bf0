import type { CodeOperation } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { type CodeFile, type CodeFunction, type CodeIndex, enclosingFunction, shortName } from './code-index.ts';
import { resolveFunctions } from './resolve-callee.ts';
import type { Route } from './routes/collect-routes.ts';
import { codeNodes } from './syntax/code-nodes.ts';
import { descendants, isFunctionNode, propertyName, stringValue, unwrap } from './syntax/parse-source.ts';

/** Fields of a log line or span that name what was running. */
const NAMING_FIELDS = new Set(['handler', 'operation', 'op', 'step', 'span', 'spanName', 'beat', 'job', 'task', 'action']);
const OPERATION_NAME = /^[A-Za-z_$][\w$.:/-]{1,80}$/;

/**
 * Names under which telemetry may speak of a function: routes (`GET /orders/:id`), names given where the function is run
 * (`step('reserveStock', () => ...)`, `startSpan('x')`, `log.info({ handler: 'x' })`), and the function's own name. An earlier
 * kind wins over a later one; a name that several functions share is left out.
 */
export function collectOperations(index: CodeIndex, routes: readonly Route[]): CodeOperation[] {
  const byId = new Map(index.functions.map((one) => [one.id, one]));
  const operations = new Map<string, CodeFunction>();
  const addAll = (found: ReadonlyMap<string, ReadonlySet<CodeFunction>>) => {
    for (const [name, functions] of found) {
      const [only] = functions;
      if (only !== undefined && functions.size === 1 && !operations.has(name)) operations.set(name, only);
    }
  };
  addAll(new Map(routes.map((route) => [`${route.method} ${route.path}`, setOf(byId.get(route.functionId))])));
  addAll(givenNames(index));
  addAll(ownNames(index));
  return [...operations].map(([operation, one]) => ({
    operation,
    functionId: one.id,
    name: one.name,
    file: one.file.path,
    startLine: one.startLine,
    endLine: one.endLine,
  }));
}

function setOf(value: CodeFunction | undefined): Set<CodeFunction> {
  return new Set(value === undefined ? [] : [value]);
}

type NamedSets = Map<string, Set<CodeFunction>>;

function record(found: NamedSets, name: string, one: CodeFunction | undefined): void {
  if (one === undefined) return;
  const known = found.get(name) ?? new Set();
  found.set(name, known.add(one));
}

function givenNames(index: CodeIndex): NamedSets {
  const found: NamedSets = new Map();
  for (const file of index.files.values()) {
    if (file.test) continue;
    for (const node of codeNodes(file.source)) {
      if (ts.isCallExpression(node)) recordNamedCall(index, file, node, found);
      else if (ts.isPropertyAssignment(node)) recordNamingField(index, node, found);
    }
  }
  return found;
}

/** `run('name', fn)`: a string first and a function after it; the name stands for the function, or for the only one it calls. */
function recordNamedCall(index: CodeIndex, file: CodeFile, call: ts.CallExpression, found: NamedSets): void {
  const name = stringValue(call.arguments[0]);
  if (name === undefined || !OPERATION_NAME.test(name)) return;
  const served = call.arguments.slice(1).flatMap((one) => [...servedFunctions(index, file, unwrap(one))]);
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : call.expression.getText();
  if (served.length > 0) record(found, name, served.length === 1 ? served[0] : enclosingFunction(index, call));
  else if (/(?:span|timer|trace|transaction|segment)$/i.test(callee)) record(found, name, enclosingFunction(index, call));
}

function servedFunctions(index: CodeIndex, file: CodeFile, argument: ts.Expression): Set<CodeFunction> {
  if (!isFunctionNode(argument)) {
    return new Set(ts.isIdentifier(argument) || ts.isPropertyAccessExpression(argument) ? resolveFunctions(index, file, argument) : []);
  }
  const own = index.byNode.get(argument);
  if (own !== undefined) return new Set([own]);
  const called = new Set<CodeFunction>();
  for (const node of descendants(argument.body)) {
    if (ts.isCallExpression(node)) for (const one of resolveFunctions(index, file, node.expression)) called.add(one);
  }
  return called;
}

function recordNamingField(index: CodeIndex, field: ts.PropertyAssignment, found: NamedSets): void {
  const key = propertyName(field.name);
  const name = stringValue(field.initializer);
  if (key === undefined || name === undefined || !NAMING_FIELDS.has(key) || !OPERATION_NAME.test(name)) return;
  const same = index.byShortName.get(name)?.filter((one) => one.exportedAs !== undefined) ?? [];
  record(found, name, same.length === 1 ? same[0] : enclosingFunction(index, field));
}

/** Full and short names; where several functions share one, exported ones speak for it. */
function ownNames(index: CodeIndex): NamedSets {
  const exported: NamedSets = new Map();
  const others: NamedSets = new Map();
  for (const one of index.functions) {
    if (one.file.test || one.name === 'default' || one.name === 'module.exports') continue;
    const short = shortName(one.name);
    const names = new Set(short === 'constructor' ? [one.name] : [one.name, short]);
    for (const name of names) record(one.exportedAs === undefined ? others : exported, name, one);
  }
  for (const [name, functions] of others) if (!exported.has(name)) exported.set(name, functions);
  return exported;
}
