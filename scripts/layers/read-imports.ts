import { ts } from 'ts-morph';

/** One import, re-export, `import()`, `require()` or `import('x').Type` with a literal module name. */
export interface Import {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  /** Gone when types are stripped, so nothing is loaded for it. */
  readonly typeOnly: boolean;
}

/** Reads the imports of a source text; `fileName` tells its language. */
export function readImports(fileName: string, text: string): Import[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, false);
  const imports: Import[] = [];
  const add = (node: ts.Node, module: ts.Node | undefined, typeOnly: boolean) => {
    if (module === undefined || !ts.isStringLiteralLike(module)) return;
    const { line } = source.getLineAndCharacterOfPosition(skipTrivia(text, node.pos));
    imports.push({ specifier: module.text, line: line + 1, typeOnly });
  };
  for (const statement of source.statements) {
    // `import { type A }` still loads the module: only the whole statement's `type` takes it away.
    if (ts.isImportDeclaration(statement)) add(statement, statement.moduleSpecifier, statement.importClause?.isTypeOnly === true);
    else if (ts.isExportDeclaration(statement)) add(statement, statement.moduleSpecifier, statement.isTypeOnly);
  }
  if (/\b(import|require)\s*\(/.test(text)) visitNested(source, add);
  return imports;
}

function visitNested(node: ts.Node, add: (node: ts.Node, module: ts.Node | undefined, typeOnly: boolean) => void): void {
  if (ts.isCallExpression(node) && loadsModule(node.expression)) add(node, node.arguments[0], false);
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true);
  ts.forEachChild(node, (child) => visitNested(child, add));
}

function loadsModule(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

/** A node's position includes the comments and blank lines above it. */
function skipTrivia(text: string, position: number): number {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text, undefined, position);
  scanner.scan();
  return scanner.getTokenStart();
}
