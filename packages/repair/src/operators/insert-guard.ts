import { ts } from 'ts-morph';
import { moreConditions } from './add-condition.ts';
import { type EditSite, insertBefore, type OperatorEdit, type RepairOperator } from './operator.ts';
import { inLoop, isListed, siblings } from './places.ts';

const MOST_VALUES = 8;

export const insertGuard: RepairOperator = {
  name: 'insert-guard',
  prior: 0.35,
  source:
    'BugsJS: add a guard with return/throw/continue 10.8 %, around code 8.8 %; HumanEvalFix-JS: insert >= 5 tokens 15.2 %; NPEFix, Nopol',
  propose(site): OperatorEdit[] {
    const { node } = site;
    if (!isListed(node) || ts.isFunctionDeclaration(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return [];
    if (enclosingFunction(node) === undefined) return [];
    const first = siblings(node)[0] === node ? 1 : 0.6;
    const returns = returnValues(site);
    const guards = moreConditions(site).flatMap(([condition, weight]) => [
      ...returns.map(([value, natural]) =>
        insertBefore(node, `if (${condition}) return ${value};\n${indentOf(node)}`, weight * natural * first),
      ),
      ...(inLoop(node)
        ? ['continue', 'break'].map((jump) => insertBefore(node, `if (${condition}) ${jump};\n${indentOf(node)}`, weight * 0.7))
        : []),
      ...(ts.isExpressionStatement(node) ? [insertBefore(node, `if (${condition}) `, weight * 0.9)] : []),
    ]);
    return guards;
  },
};

/** What failing assertions expect, and what the function returns already. */
function returnValues({ hints, node }: EditSite): [string, number][] {
  const found = new Map<string, number>();
  for (const text of hints.expected) if (text.length < 40) found.set(text, 1);
  for (const statement of hints.statements) {
    if (
      ts.isReturnStatement(statement) &&
      statement.expression !== undefined &&
      statement !== node &&
      statement.expression.getText().length < 30
    )
      found.set(statement.expression.getText(), 0.7);
  }
  return [...found].slice(0, MOST_VALUES);
}

export function indentOf(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const start = text.lastIndexOf('\n', node.getStart() - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

function enclosingFunction(node: ts.Node): ts.Node | undefined {
  return ts.findAncestor(node.parent, (one) => ts.isFunctionLike(one));
}
