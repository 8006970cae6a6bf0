import { type Expression, Node, SyntaxKind } from 'ts-morph';
import { nodesAt, type Site, textValue } from './causes.ts';

/** Code that fails where `receiver` is null or undefined. */
export interface NullAccess {
  readonly node: Node;
  readonly receiver: Expression;
  /** The receiver as it stands, with the `!` or cast around it. */
  readonly written: Expression;
  readonly property: string;
  readonly kind: 'member' | 'iterate' | 'destructure' | 'keys';
}

export const NULL_CATEGORIES = ['null-access', 'unguarded-input', 'out-of-bounds', 'renamed-field'];

/** The accesses at the place of the cause; those of the property and receiver that the diagnosis names, where it names them. */
export function nullAccessesAt(site: Site): NullAccess[] {
  const { line, endLine = line } = site.cause.location;
  const onLines = site.source
    .getDescendants()
    .filter((node) => node.getStartLineNumber() <= Math.max(line, endLine) && node.getEndLineNumber() >= line);
  const all = accessesOf(onLines);
  const receiver = textValue(site.data.receiver);
  const property = textValue(site.data.property) ?? propertyInText(site.cause.explanation);
  const isReceiver = (access: NullAccess) => access.receiver.getText() === receiver || access.written.getText() === receiver;
  const isProperty = (access: NullAccess) => access.property === property;
  const ways = [
    all.filter((access) => isReceiver(access) && isProperty(access)),
    all.filter(isReceiver),
    all.filter(isProperty),
    accessesOf(nodesAt(site, (node): node is Node => accessOf(node) !== undefined)).slice(0, 6),
  ];
  return ways.find((way) => way.length > 0) ?? [];
}

function accessesOf(nodes: readonly Node[]): NullAccess[] {
  return nodes.flatMap((node) => accessOf(node) ?? []).filter((access) => !isAlwaysThere(access.receiver));
}

/** `x` of "Cannot read properties of undefined (reading 'x')". */
function propertyInText(text: string): string | undefined {
  return /\((?:reading|setting) '([^']+)'\)/.exec(text)?.[1];
}

function accessOf(node: Node): NullAccess | undefined {
  const access = memberAccess(node) ?? iteration(node) ?? destructuring(node) ?? keysOf(node);
  return access && { ...access, receiver: unasserted(access.receiver), written: access.receiver };
}

type Access = Omit<NullAccess, 'written'>;

/** `a.b` for `a.b!`: the assertion is what went wrong. */
function unasserted(expression: Expression): Expression {
  return Node.isNonNullExpression(expression) ? unasserted(expression.getExpression()) : expression;
}

function memberAccess(node: Node): Access | undefined {
  if (!Node.isPropertyAccessExpression(node) && !Node.isElementAccessExpression(node)) return undefined;
  const receiver = node.getExpression();
  if (
    node.hasQuestionDotToken() ||
    /^(this|super|console|process|Math|JSON|Object|Array|Number|String|Date|Promise)$/.test(receiver.getText())
  )
    return undefined;
  const argument = Node.isElementAccessExpression(node) ? node.getArgumentExpression() : undefined;
  const property = Node.isPropertyAccessExpression(node)
    ? node.getName()
    : Node.isStringLiteral(argument)
      ? argument.getLiteralText()
      : (argument?.getText() ?? '');
  return { node, receiver, property, kind: 'member' };
}

function iteration(node: Node): Access | undefined {
  if (Node.isForOfStatement(node)) return { node, receiver: node.getExpression(), property: 'Symbol.iterator', kind: 'iterate' };
  if (Node.isSpreadElement(node)) return { node, receiver: node.getExpression(), property: 'Symbol.iterator', kind: 'iterate' };
  if (!Node.isNewExpression(node) || !/^(Map|Set)$/.test(node.getExpression().getText())) return undefined;
  const [argument] = node.getArguments();
  return argument && Node.isExpression(argument) ? { node, receiver: argument, property: 'Symbol.iterator', kind: 'iterate' } : undefined;
}

function destructuring(node: Node): Access | undefined {
  if (!Node.isVariableDeclaration(node)) return undefined;
  const initializer = node.getInitializer();
  if (!initializer || (!Node.isObjectBindingPattern(node.getNameNode()) && !Node.isArrayBindingPattern(node.getNameNode())))
    return undefined;
  const [first] = node.getNameNode().getDescendantsOfKind(SyntaxKind.BindingElement);
  return { node, receiver: initializer, property: first?.getPropertyNameNode()?.getText() ?? first?.getName() ?? '', kind: 'destructure' };
}

function keysOf(node: Node): Access | undefined {
  if (!Node.isCallExpression(node) || !/^Object\.(keys|values|entries)$/.test(node.getExpression().getText())) return undefined;
  const [argument] = node.getArguments();
  return argument && Node.isExpression(argument)
    ? { node, receiver: argument, property: node.getExpression().getText(), kind: 'keys' }
    : undefined;
}

/** A constant that is made of a literal, a class, a function: never null. */
function isAlwaysThere(receiver: Expression): boolean {
  if (!Node.isIdentifier(receiver)) return false;
  return (receiver.getSymbol()?.getDeclarations() ?? []).some((declaration) => {
    if (
      Node.isFunctionDeclaration(declaration) ||
      Node.isClassDeclaration(declaration) ||
      Node.isEnumDeclaration(declaration) ||
      Node.isNamespaceImport(declaration)
    )
      return true;
    const initializer =
      Node.isVariableDeclaration(declaration) && declaration.getVariableStatement()?.getDeclarationKind() === 'const'
        ? declaration.getInitializer()
        : undefined;
    return (
      Node.isObjectLiteralExpression(initializer) ||
      Node.isArrayLiteralExpression(initializer) ||
      Node.isNewExpression(initializer) ||
      Node.isArrowFunction(initializer)
    );
  });
}
