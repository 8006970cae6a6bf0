import { type Expression, Node, SyntaxKind } from 'ts-morph';

const GIVES_ARRAY =
  /\.(map|filter|slice|concat|flatMap|flat|sort|toSorted|reverse|split|splice)\([\s\S]*\)$|^Object\.(keys|values|entries)\(|^Array\.(from|of)\(|^\[/;
const ARRAY_USE = /^(map|filter|forEach|reduce|push|slice|length|some|every|find|findIndex|join|indexOf|includes|flatMap|sort|concat)$/;

/** Whether an expression surely is an array: by its type, what made it, or how else it is used. */
export function isArrayLike(expression: Expression): boolean {
  if (GIVES_ARRAY.test(expression.getText())) return true;
  if (!Node.isIdentifier(expression)) return usedAsArray(expression, expression.getText());
  for (const declaration of expression.getSymbol()?.getDeclarations() ?? []) {
    if (
      (Node.isParameterDeclaration(declaration) || Node.isVariableDeclaration(declaration)) &&
      isArrayType(declaration.getTypeNode()?.getText())
    )
      return true;
    const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    if (initializer && initializer !== expression && GIVES_ARRAY.test(initializer.getText())) return true;
  }
  return usedAsArray(expression, expression.getText());
}

function isArrayType(type: string | undefined): boolean {
  return type !== undefined && /\[\]$|^(readonly )?(Readonly)?Array<|^readonly .*\[\]$/.test(type.trim());
}

function usedAsArray(expression: Expression, text: string): boolean {
  return expression
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)
    .some((access) => ARRAY_USE.test(access.getName()) && access.getExpression().getText() === text);
}
