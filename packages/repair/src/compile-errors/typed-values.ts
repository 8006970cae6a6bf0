import { ts } from 'ts-morph';
import { isAssignment } from '../operators/places.ts';

const MOST_DEPTH = 2;
const MOST_NAMES = 12;

/** An empty value of a type as source text; undefined where none can be written down. */
export function emptyValue(type: ts.Type, checker: ts.TypeChecker, depth = MOST_DEPTH): string | undefined {
  const { flags } = type;
  if (flags & ts.TypeFlags.StringLiteral && type.isStringLiteral()) return `'${type.value}'`;
  if (flags & ts.TypeFlags.NumberLiteral && type.isNumberLiteral()) return String(type.value);
  if (flags & ts.TypeFlags.StringLike) return "''";
  if (flags & ts.TypeFlags.NumberLike) return '0';
  if (flags & ts.TypeFlags.BooleanLike) return checker.typeToString(type) === 'true' ? 'true' : 'false';
  if (flags & ts.TypeFlags.BigIntLike) return '0n';
  if (flags & ts.TypeFlags.Null) return 'null';
  if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return 'undefined';
  if (type.isUnion()) {
    const texts = type.types.flatMap((one) => emptyValue(one, checker, depth) ?? []);
    return texts.find((text) => text !== 'undefined' && text !== 'null') ?? texts[0];
  }
  if (checker.isArrayType(type)) return '[]';
  const name = type.symbol?.name;
  if (name === 'Map' || name === 'Set' || name === 'Date') return `new ${name}()`;
  if (name === 'RegExp' || flags & ts.TypeFlags.TypeParameter) return undefined;
  if (type.getCallSignatures().length > 0) return '() => undefined';
  if (!(flags & ts.TypeFlags.Object) || depth === 0 || type.isClass()) return undefined;
  const properties = checker.getPropertiesOfType(type).filter((property) => !(property.flags & ts.SymbolFlags.Optional));
  const parts = properties.map((property) => {
    const text = emptyValue(checker.getTypeOfSymbol(property), checker, depth - 1);
    return text === undefined ? undefined : `${property.name}: ${text}`;
  });
  if (parts.includes(undefined)) return undefined;
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** Parameters, variables and properties of `this` in scope whose type fits, nearest first. */
export function namesOfType(node: ts.Node, wanted: ts.Type, checker: ts.TypeChecker): string[] {
  const found: string[] = [];
  for (const symbol of localSymbols(node, checker)) {
    const type = checker.getTypeOfSymbolAtLocation(symbol, node);
    if (!isAny(type) && checker.isTypeAssignableTo(type, wanted)) found.push(symbol.name);
  }
  return found.slice(0, MOST_NAMES);
}

/** What the project itself declares in scope, the latest declaration first. */
export function localSymbols(node: ts.Node, checker: ts.TypeChecker): ts.Symbol[] {
  const file = node.getSourceFile();
  const flags = ts.SymbolFlags.Variable | ts.SymbolFlags.Function | ts.SymbolFlags.Alias | ts.SymbolFlags.Class;
  const declaredAt = (symbol: ts.Symbol): number | undefined =>
    symbol.declarations?.find((one) => one.getSourceFile() === file)?.getStart();
  return checker
    .getSymbolsInScope(node, flags)
    .filter((symbol) => {
      const at = declaredAt(symbol);
      return at !== undefined && (at < node.getStart() || (symbol.flags & ts.SymbolFlags.Function) !== 0);
    })
    .sort((a, b) => (declaredAt(b) ?? 0) - (declaredAt(a) ?? 0));
}

export function isAny(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

/** The type that the place of an expression asks for: of a parameter, a declared variable, a property, or what the function returns. */
export function wantedType(node: ts.Node, checker: ts.TypeChecker): ts.Type | undefined {
  if (ts.isExpression(node)) {
    const contextual = checker.getContextualType(node);
    if (contextual !== undefined && !isAny(contextual)) return contextual;
  }
  const { parent } = node;
  if (parent === undefined) return undefined;
  if (ts.isBinaryExpression(parent))
    return checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(parent.right === node ? parent.left : parent.right));
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) && parent.type !== undefined)
    return checker.getTypeFromTypeNode(parent.type);
  return undefined;
}

/** The expression that a message about an assignment is about: the value, where the message marks the target. */
export function givenValue(node: ts.Node): ts.Expression | undefined {
  const { parent } = node;
  if (ts.isReturnStatement(node)) return node.expression;
  if (parent !== undefined && (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) && parent.name === node)
    return parent.initializer;
  if (parent !== undefined && ts.isPropertyAssignment(parent) && parent.name === node) return parent.initializer;
  if (parent !== undefined && ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind))
    return parent.right;
  if (parent !== undefined && ts.isPropertyAccessExpression(parent) && parent.name === node) return givenValue(parent) ?? parent;
  return ts.isExpression(node) ? node : undefined;
}
