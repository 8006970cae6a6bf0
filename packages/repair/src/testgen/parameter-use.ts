import { Node, type ParameterDeclaration, SyntaxKind } from 'ts-morph';
import { boundNames, type FunctionNode, isFunctionNode } from '../templates/syntax-tree.ts';

/** Names that a function reads off a parameter, first level: `country` and `name` for `address.country`, `const { name } = address`. */
export function membersRead(parameter: ParameterDeclaration): string[] {
  const name = parameter.getNameNode();
  if (Node.isObjectBindingPattern(name))
    return name.getElements().map((element) => element.getPropertyNameNode()?.getText() ?? element.getName());
  if (!Node.isIdentifier(name)) return [];
  const fn = parameter.getParentOrThrow();
  return [...new Set(referencesIn(fn, name.getText()).flatMap(memberRead))];
}

/** References to a name within a function, save where an inner function or pattern binds the same name anew. */
export function referencesIn(fn: Node, name: string): Node[] {
  return fn.getDescendantsOfKind(SyntaxKind.Identifier).filter((identifier) => {
    if (identifier.getText() !== name) return false;
    const parent = identifier.getParent();
    if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier) return false;
    if (Node.isPropertyAssignment(parent) && parent.getNameNode() === identifier) return false;
    if (
      Node.isParameterDeclaration(parent) ||
      Node.isBindingElement(parent) ||
      (Node.isVariableDeclaration(parent) && parent.getNameNode() === identifier)
    )
      return false;
    return !rebinds(identifier, fn, name);
  });
}

function rebinds(from: Node, until: Node, name: string): boolean {
  for (let at = from.getParent(); at && at !== until; at = at.getParent()) {
    if (isFunctionNode(at) && bindsParameter(at, name)) return true;
  }
  return false;
}

function bindsParameter(fn: FunctionNode, name: string): boolean {
  return fn.getParameters().some((parameter) => boundNames(parameter.getNameNode()).includes(name));
}

function memberRead(reference: Node): string[] {
  const parent = reference.getParent();
  if (Node.isPropertyAccessExpression(parent) && parent.getExpression() === reference) return [parent.getName()];
  if (Node.isElementAccessExpression(parent) && parent.getExpression() === reference) {
    const key = parent.getArgumentExpression();
    return Node.isStringLiteral(key) ? [key.getLiteralText()] : [];
  }
  if (Node.isVariableDeclaration(parent) && parent.getInitializer() === reference) {
    const pattern = parent.getNameNode();
    if (Node.isObjectBindingPattern(pattern))
      return pattern.getElements().map((element) => element.getPropertyNameNode()?.getText() ?? element.getName());
  }
  return [];
}

const LIST_MEMBERS =
  /^(map|filter|forEach|reduce|some|every|find|findIndex|flatMap|join|includes|indexOf|slice|concat|sort|push|length|at)$/;

/** Whether the parameter is used as a list. */
export function isUsedAsList(parameter: ParameterDeclaration): boolean {
  const name = parameter.getNameNode();
  if (/\[\]$|^(readonly |Readonly)?Array</.test(parameter.getTypeNode()?.getText() ?? '')) return true;
  if (!Node.isIdentifier(name)) return Node.isArrayBindingPattern(name);
  const references = referencesIn(parameter.getParentOrThrow(), name.getText());
  return references.some((reference) => {
    const parent = reference.getParent();
    return (
      Node.isForOfStatement(parent) || Node.isSpreadElement(parent) || memberRead(reference).some((member) => LIST_MEMBERS.test(member))
    );
  });
}
