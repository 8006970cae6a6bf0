import { ts } from 'ts-morph';
import { type CodeFile, type CodeIndex, enclosingFunction } from '../code-index.ts';
import { resolveBinding, resolveFunctions, resolveName } from '../resolve-callee.ts';
import { codeNodes } from '../syntax/code-nodes.ts';
import { requiredModule } from '../syntax/module-facts.ts';
import { descendants, isFunctionNode, propertyName, stringValue, unwrap } from '../syntax/parse-source.ts';

const MAX_PREFIXES = 8;
const MAX_DEPTH = 8;

/** A router stands under another with a prefix. Routers are known by the node that declares them. */
interface Mount {
  readonly parent: ts.Node | undefined;
  readonly prefix: string;
}

export interface Prefixes {
  /** All prefixes under which routes of this router are reached; `['']` where it is not mounted. */
  of(file: CodeFile, router: ts.Expression | undefined): string[];
}

/** Reads all mounts: `app.use('/api', router)`, `app.route('/api', sub)`, `app.register(plugin, { prefix })`, and routers passed to functions. */
export function readPrefixes(index: CodeIndex): Prefixes {
  const mounts = new Map<ts.Node, Mount[]>();
  const add = (child: ts.Node, mount: Mount) => mounts.set(child, [...(mounts.get(child) ?? []), mount]);
  for (const file of index.files.values()) {
    if (file.test) continue;
    for (const node of codeNodes(file.source)) {
      if (ts.isCallExpression(node)) for (const [child, mount] of mountsOf(index, file, node)) add(child, mount);
    }
  }
  const prefixesOf = (router: ts.Node, depth: number): string[] => {
    const own = ownPrefix(router);
    const known = mounts.get(router) ?? [];
    if (known.length === 0 || depth > MAX_DEPTH) return [own];
    return known
      .flatMap(({ parent, prefix }) =>
        (parent === undefined ? [''] : prefixesOf(parent, depth + 1)).map((above) => `${above}/${prefix}/${own}`),
      )
      .slice(0, MAX_PREFIXES);
  };
  return {
    of: (file, router) => {
      const node = router && routerNode(index, file, router);
      return node === undefined ? [''] : [...new Set(prefixesOf(node, 0))];
    },
  };
}

function mountsOf(index: CodeIndex, file: CodeFile, call: ts.CallExpression): [ts.Node, Mount][] {
  const callee = call.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  const parent = ts.isPropertyAccessExpression(callee) ? routerNode(index, file, callee.expression) : undefined;
  if (name === 'use' || name === 'route' || name === 'mount') {
    const prefix = stringValue(call.arguments[0]) ?? '';
    const children = call.arguments.slice(stringValue(call.arguments[0]) === undefined ? 0 : 1);
    return children.flatMap((child) => routerNodes(index, file, child).map((node): [ts.Node, Mount] => [node, { parent, prefix }]));
  }
  if (name === 'register') return registered(index, file, call, parent);
  return passedRouters(index, file, call);
}

/** `app.register(plugin, { prefix: '/api' })`: the plugin's first parameter is the mounted router. */
function registered(index: CodeIndex, file: CodeFile, call: ts.CallExpression, parent: ts.Node | undefined): [ts.Node, Mount][] {
  const [plugin, options] = call.arguments;
  if (plugin === undefined) return [];
  const prefix = options && ts.isObjectLiteralExpression(options) ? (stringMember(options, 'prefix') ?? '') : '';
  return functionNodes(index, file, plugin).flatMap((one): [ts.Node, Mount][] => {
    const [first] = one.parameters;
    return first === undefined ? [] : [[first, { parent, prefix }]];
  });
}

function functionNodes(index: CodeIndex, file: CodeFile, expression: ts.Expression): ts.FunctionLikeDeclaration[] {
  const value = unwrap(expression);
  if (isFunctionNode(value)) return [value];
  const binding = requiredModule(value);
  if (binding === undefined) return resolveFunctions(index, file, value).map((one) => one.node);
  const node = resolveBinding(index, file, { specifier: binding.specifier, name: binding.member ?? 'default' })?.node;
  return node !== undefined && isFunctionNode(node) ? [node] : [];
}

/** `orderRoutes(app)`: within the function the parameter is the application. */
function passedRouters(index: CodeIndex, file: CodeFile, call: ts.CallExpression): [ts.Node, Mount][] {
  if (!call.arguments.some((one) => ts.isIdentifier(one))) return [];
  const called = ts.isIdentifier(call.expression)
    ? functionNodes(index, file, call.expression)[0]
    : requiredFunction(index, file, call.expression);
  if (called === undefined) return [];
  return call.arguments.flatMap((argument, position): [ts.Node, Mount][] => {
    const parameter = called.parameters[position];
    if (parameter === undefined || !ts.isIdentifier(argument)) return [];
    const parent = routerNode(index, file, argument);
    return parent === undefined ? [] : [[parameter, { parent, prefix: '' }]];
  });
}

/** `require('./routes')(app)` */
function requiredFunction(index: CodeIndex, file: CodeFile, callee: ts.Expression): ts.FunctionLikeDeclaration | undefined {
  const required = requiredModule(callee);
  if (required === undefined) return undefined;
  const node = resolveBinding(index, file, { specifier: required.specifier, name: required.member ?? '*' })?.node;
  return node !== undefined && isFunctionNode(node) ? node : undefined;
}

/** The node that declares a router: a variable or parameter. */
function routerNode(index: CodeIndex, file: CodeFile, expression: ts.Expression): ts.Node | undefined {
  return routerNodes(index, file, expression)[0];
}

function routerNodes(index: CodeIndex, file: CodeFile, expression: ts.Expression): ts.Node[] {
  const value = unwrap(expression);
  if (value.kind === ts.SyntaxKind.ThisKeyword) return optional(enclosingFunction(index, value)?.node);
  if (ts.isIdentifier(value)) return optional(asRouter(index, file, resolveName(index, file, value.text, value)));
  const required = requiredModule(value);
  if (required !== undefined) {
    return optional(asRouter(index, file, resolveBinding(index, file, { specifier: required.specifier, name: required.member ?? '*' })));
  }
  if (ts.isPropertyAccessExpression(value)) {
    const binding = ts.isIdentifier(value.expression) ? file.facts.imports.get(value.expression.text) : undefined;
    if (binding?.name === '*') return optional(asRouter(index, file, resolveBinding(index, file, { ...binding, name: value.name.text })));
    return [];
  }
  return ts.isCallExpression(value) ? routersOfCall(index, file, value) : [];
}

function routersOfCall(index: CodeIndex, file: CodeFile, call: ts.CallExpression): ts.Node[] {
  // koa: `router.routes()`; hono and koa chain: `router.use(x)` gives the router again.
  if (ts.isPropertyAccessExpression(call.expression) && /^(?:routes|middleware|callback|use|basePath)$/.test(call.expression.name.text)) {
    return routerNodes(index, file, call.expression.expression);
  }
  return functionNodes(index, file, call.expression).flatMap((made) => returnedRouter(index, made));
}

/** `createRouter(deps)`: the router that the function returns. */
function returnedRouter(index: CodeIndex, made: ts.FunctionLikeDeclaration): ts.Node[] {
  const file = index.files.get(made.getSourceFile().fileName);
  if (file === undefined || made.body === undefined) return [];
  for (const node of descendants(made.body, (one) => !isFunctionNode(one))) {
    if (ts.isReturnStatement(node) && node.expression && ts.isIdentifier(node.expression)) return routerNodes(index, file, node.expression);
  }
  return [];
}

function asRouter(index: CodeIndex, file: CodeFile, resolved: { file: CodeFile; node: ts.Node } | undefined): ts.Node | undefined {
  if (resolved === undefined) return undefined;
  const { node } = resolved;
  // `export default router` and `module.exports = router` already lead to the variable; a function gives its router when called.
  if (ts.isIdentifier(node)) return asRouter(index, file, resolveName(index, resolved.file, node.text, node));
  return ts.isVariableDeclaration(node) || ts.isParameter(node) ? node : undefined;
}

/** `new Router({ prefix: '/api' })`, `new Hono().basePath('/api')`. */
function ownPrefix(router: ts.Node): string {
  const value = ts.isVariableDeclaration(router) && router.initializer ? unwrap(router.initializer) : undefined;
  if (value === undefined) return '';
  if (ts.isCallExpression(value) && ts.isPropertyAccessExpression(value.expression) && value.expression.name.text === 'basePath') {
    return stringValue(value.arguments[0]) ?? '';
  }
  const options = ts.isNewExpression(value) || ts.isCallExpression(value) ? value.arguments?.[0] : undefined;
  return options && ts.isObjectLiteralExpression(options) ? (stringMember(options, 'prefix') ?? '') : '';
}

function stringMember(object: ts.ObjectLiteralExpression, name: string): string | undefined {
  for (const member of object.properties) {
    if (ts.isPropertyAssignment(member) && propertyName(member.name) === name) return stringValue(member.initializer);
  }
  return undefined;
}

function optional<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
