import { ts } from 'ts-morph';
import { type CodeFile, type CodeFunction, type CodeIndex, enclosingFunction } from './code-index.ts';
import { resolveFunctions } from './resolve-callee.ts';
import { codeNodes } from './syntax/code-nodes.ts';
import { isFunctionNode } from './syntax/parse-source.ts';

/**
 * For each function the ids of the functions of the code base that it calls, or passes on to be called. A call within a callback
 * counts for the named function around it.
 */
export function collectCalls(index: CodeIndex): Map<string, string[]> {
  const calls = new Map<string, Set<string>>();
  for (const file of index.files.values()) {
    for (const node of codeNodes(file.source)) {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) continue;
      const caller = enclosingFunction(index, node);
      if (caller === undefined) continue;
      const known = calls.get(caller.id) ?? new Set<string>();
      for (const called of calledBy(index, file, node)) known.add(called.id);
      calls.set(caller.id, known);
    }
  }
  return new Map([...calls].map(([id, called]) => [id, [...called]]));
}

function calledBy(index: CodeIndex, file: CodeFile, call: ts.CallExpression | ts.NewExpression): CodeFunction[] {
  const passed = (call.arguments ?? []).filter(
    (one) => !isFunctionNode(one) && (ts.isIdentifier(one) || ts.isPropertyAccessExpression(one)),
  );
  const passedOn = passed.flatMap((one) => (ts.isIdentifier(one) || isOwnMember(one) ? resolveFunctions(index, file, one) : []));
  return [...resolveFunctions(index, file, call.expression), ...passedOn];
}

/** `this.render` passed on is a function; `order.total` is nearly always a value. */
function isOwnMember(expression: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword;
}
