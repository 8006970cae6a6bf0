import { type Expression, Node } from 'ts-morph';
import { functionAround, isInScope } from './syntax-tree.ts';

/** A name for the value of an expression that is free where it stands: `user` for `db.findUser(id)` or `users.find(...)`. */
export function freshName(expression: Expression): string {
  const wish = suggestion(expression);
  const taken = (name: string) =>
    isInScope(name, expression) || new RegExp(`\\b${name}\\b`).test(functionAround(expression)?.getText() ?? '');
  for (const name of [wish, `found${wish[0]?.toUpperCase() ?? ''}${wish.slice(1)}`]) if (!taken(name)) return name;
  let count = 2;
  while (taken(`${wish}${count}`)) count += 1;
  return `${wish}${count}`;
}

function suggestion(expression: Expression): string {
  if (Node.isAwaitExpression(expression) || Node.isParenthesizedExpression(expression)) return suggestion(expression.getExpression());
  if (!Node.isCallExpression(expression))
    return Node.isElementAccessExpression(expression) ? singular(lastName(expression.getExpression().getText())) : 'found';
  const callee = expression.getExpression();
  const method = lastName(callee.getText());
  const owner = Node.isPropertyAccessExpression(callee) ? lastName(callee.getExpression().getText()) : '';
  if (/^(find|findLast|get|at|shift|pop|findOne|findUnique|first)$/.test(method) && owner !== '') return singular(owner);
  const [, rest = ''] = /^(?:get|find|fetch|load|read|lookup|query|select|resolve)([A-Z]\w*)$/.exec(method) ?? [];
  if (rest === '') return 'found';
  return singular((rest[0]?.toLowerCase() ?? '') + rest.slice(1).replace(/(By|For|From|In|Of)[A-Z]\w*$/, ''));
}

function lastName(text: string): string {
  return /([A-Za-z_$][\w$]*)\W*$/.exec(text)?.[1] ?? '';
}

function singular(name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return 'found';
  if (/ies$/.test(name)) return name.replace(/ies$/, 'y');
  if (/(s|x|ch|sh)es$/.test(name)) return name.replace(/es$/, '');
  return /[^s]s$/.test(name) ? name.slice(0, -1) : name === 'map' || name === 'cache' || name === 'store' ? 'entry' : `${name}Entry`;
}
