import { Node, Project } from 'ts-morph';
import type { Argument } from './arguments.ts';

/** An argument that holds a list, made longer. */
export interface Scaled {
  /** Statement that makes a list of `size` items, as source; `size` is an expression. */
  code(size: string): string;
}

const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });

/**
 * Makes a longer list of an argument's code. `path` leads from the argument to the list: empty where the argument is the list.
 * `vary` names members whose values must differ from item to item; a primitive item always does.
 */
export function scaled(argument: Argument, path: readonly string[], vary: readonly string[], quote: string): Scaled | undefined {
  const source = project.createSourceFile('argument.ts', `(${argument.code})`, { overwrite: true });
  const [statement] = source.getStatements();
  const expression = Node.isExpressionStatement(statement) ? statement.getExpression() : undefined;
  const value = Node.isParenthesizedExpression(expression) ? expression.getExpression() : expression;
  const list = value && memberAt(value, path);
  if (!value || (path.length > 0 && !list)) return undefined;
  if (path.length === 0 && Node.isStringLiteral(value)) return repeatedText(value.getText(), value.getLiteralText().length);
  const item = Node.isArrayLiteralExpression(list) ? itemOf(list, vary, quote) : undefined;
  // A list that is not written down is repeated item by item.
  const made = (size: string) =>
    item === undefined
      ? `((all) => Array.from({ length: ${size} }, (_, index) => all[index % all.length]))(${(list ?? value).getText()})`
      : `Array.from({ length: ${size} }, ${/\bindex\b/.test(item) ? '(_, index)' : '()'} => ${item})`;
  if (path.length === 0) return { code: made };
  if (!list) return undefined;
  const offset = list.getStart() - value.getStart();
  const text = value.getText();
  return { code: (size) => text.slice(0, offset) + made(size) + text.slice(offset + list.getWidth()) };
}

/** A text of `size` characters. */
function repeatedText(text: string, length: number): Scaled | undefined {
  return length === 0 ? undefined : { code: (size) => `${text}.repeat(Math.ceil(${size} / ${length})).slice(0, ${size})` };
}

function memberAt(value: Node, path: readonly string[]): Node | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (!Node.isObjectLiteralExpression(value)) return undefined;
  const property = value.getProperty(head);
  const initializer = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  return initializer && memberAt(initializer, rest);
}

/** The code of item number `index`. */
function itemOf(list: Node, vary: readonly string[], quote: string): string | undefined {
  const [first] = Node.isArrayLiteralExpression(list) ? list.getElements() : [];
  if (!first) return undefined;
  if (Node.isStringLiteral(first)) return `\`${first.getLiteralText().replace(/[`\\$]/g, '')}-\${index}\``;
  if (Node.isNumericLiteral(first)) return 'index';
  if (!Node.isObjectLiteralExpression(first)) return first.getText();
  const members = first.getProperties().map((property) => {
    const initializer = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
    if (!Node.isPropertyAssignment(property) || !initializer || !vary.includes(property.getName())) return property.getText();
    if (Node.isStringLiteral(initializer))
      return `${property.getName()}: \`${initializer.getLiteralText().replace(/[`\\$]/g, '')}-\${index}\``;
    return Node.isNumericLiteral(initializer) ? `${property.getName()}: index` : property.getText();
  });
  return quote === '' ? undefined : `({ ${members.join(', ')} })`;
}
