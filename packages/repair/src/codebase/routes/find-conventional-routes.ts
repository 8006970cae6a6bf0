import { ts } from 'ts-morph';
import type { CodeFile, CodeFunction } from '../code-index.ts';
import { codeNodes } from '../syntax/code-nodes.ts';
import { descendants, stringValue } from '../syntax/parse-source.ts';
import { joinPath, methodName, type Registration } from './registration.ts';

/** Routes that stand in no table: decorated controllers, files that are routes, and comparisons in a plain request listener. */
export function findConventionalRoutes(file: CodeFile, functions: readonly CodeFunction[]): Registration[] {
  return [...fromDecorators(file), ...fromFilePath(file, functions), ...fromComparisons(file)];
}

/** NestJS and routing-controllers: `@Controller('orders') class { @Get(':id') find() {} }`. */
function fromDecorators(file: CodeFile): Registration[] {
  const found: Registration[] = [];
  for (const node of codeNodes(file.source)) {
    if (!ts.isClassDeclaration(node)) continue;
    const prefix = decoratorPath(node, /^(?:Controller|JsonController)$/)?.path;
    if (prefix === undefined) continue;
    for (const member of node.members) {
      if (!ts.isMethodDeclaration(member)) continue;
      const route = decoratorPath(member, /^(?:Get|Post|Put|Patch|Delete|Head|Options|All)$/);
      const method = methodName(route?.name);
      if (route !== undefined && method !== undefined) {
        found.push({ method, path: joinPath(prefix, route.path), handler: member, receiver: undefined, at: member, file });
      }
    }
  }
  return found;
}

function decoratorPath(node: ts.HasDecorators, names: RegExp): { name: string; path: string } | undefined {
  for (const { expression } of ts.getDecorators(node) ?? []) {
    if (!ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression) || !names.test(expression.expression.text)) continue;
    return { name: expression.expression.text, path: stringValue(expression.arguments[0]) ?? '' };
  }
  return undefined;
}

/** Next.js: `app/orders/[id]/route.ts` exports `GET`; `pages/api/orders/[id].ts` exports a default handler. */
function fromFilePath(file: CodeFile, functions: readonly CodeFunction[]): Registration[] {
  const app = /(?:^|\/)app\/(.*?)\/?route\.[jt]sx?$/.exec(file.path);
  const page = /(?:^|\/)pages\/(api\/.*?)(?:\/index)?\.[jt]sx?$/.exec(file.path);
  const folder = app?.[1] ?? page?.[1];
  if (folder === undefined) return [];
  const path = `/${folder.replace(/\([^)]*\)\//g, '').replace(/\[(?:\.\.\.)?([^\]]+)\]/g, ':$1')}`;
  return functions
    .filter((one) => one.file === file && (page ? one.exportedAs === 'default' : methodName(one.exportedAs) === one.exportedAs))
    .filter((one) => one.exportedAs !== undefined)
    .map((one) => ({ method: page ? 'ALL' : (one.exportedAs ?? 'ALL'), path, handler: one.node, receiver: undefined, at: one.node, file }));
}

/** `if (req.method === 'GET' && url.pathname === '/orders') ...` in a listener of node:http. */
function fromComparisons(file: CodeFile): Registration[] {
  const found: Registration[] = [];
  for (const node of codeNodes(file.source)) {
    if (!ts.isIfStatement(node)) continue;
    const path = comparedPath(node.expression);
    if (path !== undefined)
      found.push({ method: comparedMethod(node) ?? 'ALL', path, handler: node.thenStatement, receiver: undefined, at: node, file });
  }
  return found;
}

function comparedPath(condition: ts.Expression): string | undefined {
  for (const { subject, text } of equalities(condition)) {
    if (/(?:url|path|pathname)$/i.test(subject) && text.startsWith('/')) return text;
  }
  for (const node of descendants(condition)) {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) continue;
    const { name, expression } = node.expression;
    const regex = [expression, node.arguments[0]].find((one) => one !== undefined && ts.isRegularExpressionLiteral(one));
    if (regex !== undefined && /^(?:match|test|exec)$/.test(name.text)) return pathOfPattern(regex.getText());
    const text = stringValue(node.arguments[0]);
    if (name.text === 'startsWith' && text?.startsWith('/') && /(?:url|path|pathname)$/i.test(expression.getText()))
      return joinPath(text, ':rest');
  }
  return undefined;
}

function comparedMethod(statement: ts.IfStatement): string | undefined {
  for (let at: ts.Node = statement; at.parent !== undefined; at = at.parent) {
    if (!ts.isIfStatement(at)) continue;
    for (const { subject, text } of equalities(at.expression)) if (/method$/i.test(subject)) return methodName(text);
  }
  return undefined;
}

function* equalities(condition: ts.Expression): Generator<{ subject: string; text: string }> {
  for (const node of descendants(condition)) {
    if (!ts.isBinaryExpression(node)) continue;
    const kind = node.operatorToken.kind;
    if (kind !== ts.SyntaxKind.EqualsEqualsEqualsToken && kind !== ts.SyntaxKind.EqualsEqualsToken) continue;
    const left = stringValue(node.left);
    const right = stringValue(node.right);
    if (right !== undefined) yield { subject: node.left.getText(), text: right };
    else if (left !== undefined) yield { subject: node.right.getText(), text: left };
  }
}

/** `/^\/orders\/([^/]+)$/` reads as `/orders/:1`; a pattern of any other shape is left out. */
function pathOfPattern(pattern: string): string | undefined {
  const body = pattern.slice(1, pattern.lastIndexOf('/')).replace(/^\^/, '').replace(/\$$/, '').replace(/\\\//g, '/').replace(/\/\?$/, '');
  let count = 0;
  const path = body.replace(/\((?:\?<(\w+)>)?[^()]*\)/g, (_, name: string | undefined) => `:${name ?? ++count}`);
  return /^(?:\/[\w:.-]*)+$/.test(path) ? path : undefined;
}
