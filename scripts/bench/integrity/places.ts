import type { Edit } from '@selfheal/contracts';
import { ts } from 'ts-morph';

/** A file's text and tree. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

export function sourceOf(files: Readonly<Record<string, string>>, file: string): Source {
  const text = files[file] ?? '';
  return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

export function nodesOf(tree: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The edit that puts `text` in the place of [start, end) of a file, with so much around it that it fits one place only. */
export function replaceAt({ file, text: whole }: Source, start: number, end: number, text: string): Edit {
  let from = whole.lastIndexOf('\n', start - 1) + 1;
  let to = endOfLine(whole, end);
  while (occursTwice(whole, whole.slice(from, to)) && (from > 0 || to < whole.length)) {
    from = whole.lastIndexOf('\n', Math.max(0, from - 2)) + 1;
    to = endOfLine(whole, Math.min(whole.length, to + 1));
  }
  return { file, search: whole.slice(from, to), replace: whole.slice(from, start) + text + whole.slice(end, to) };
}

export function replaceNode(source: Source, node: ts.Node, text: string): Edit {
  return replaceAt(source, node.getStart(source.tree), node.end, text);
}

/** Bodies of functions with a name, of at least one statement. */
export function functionBodies({ tree }: Source): ts.Block[] {
  return nodesOf(tree).flatMap((node) =>
    (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body && node.body.statements.length > 0 && !node.asteriskToken
      ? [node.body]
      : [],
  );
}

/** The edit that puts a statement at the start of a function's body. */
export function atStartOf(source: Source, body: ts.Block, code: string): Edit {
  const at = body.getStart(source.tree) + 1;
  return replaceAt(source, at, at, `\n  ${code}`);
}

/** Calls that declare a test, with the function that is its body. */
export function testCalls({ tree }: Source): { call: ts.CallExpression; name: ts.Expression; body: ts.Block; statement: ts.Statement }[] {
  return nodesOf(tree).flatMap((node) => {
    if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return [];
    const call = node.expression;
    if (!/^(it|test)(\.each\(.*\))?$/s.test(call.expression.getText(tree))) return [];
    const body = call.arguments.find((argument) => ts.isArrowFunction(argument) || ts.isFunctionExpression(argument));
    if (body === undefined || !(ts.isArrowFunction(body) || ts.isFunctionExpression(body)) || !ts.isBlock(body.body)) return [];
    return [{ call, name: call.expression, body: body.body, statement: node }];
  });
}

/** Statements of a test that assert. */
export function assertions(source: Source, body: ts.Block): ts.Statement[] {
  return body.statements.filter((statement) => /^(await )?(expect|assert)\b/.test(statement.getText(source.tree)));
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function occursTwice(text: string, part: string): boolean {
  return part === '' || text.indexOf(part) !== text.lastIndexOf(part);
}
