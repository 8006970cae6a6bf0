import { Node, type VariableDeclaration, type VariableStatement } from 'ts-morph';
import { type Proposal, proposal, type Site } from './causes.ts';
import { indentAt } from './code-style.ts';
import { boundNames, usedNames } from './syntax-tree.ts';

interface Awaited {
  readonly statement: VariableStatement;
  readonly declaration: VariableDeclaration;
  readonly call: string;
}

/** `const a = await f(); const b = await g();` where neither needs the other: both are asked for at once. */
export function mergedStatements(site: Site): (Proposal | undefined)[] {
  const { line, endLine = line } = site.cause.location;
  const near = site.source
    .getDescendants()
    .filter(
      (node): node is VariableStatement =>
        Node.isVariableStatement(node) && node.getStartLineNumber() >= line - 1 && node.getEndLineNumber() <= Math.max(endLine, line) + 1,
    );
  const run: Awaited[] = [];
  for (const statement of near) {
    const awaited = awaitedBy(statement);
    const follows = run.length === 0 || statement.getPreviousSibling() === run.at(-1)?.statement;
    const names = run.flatMap((one) => boundNames(one.declaration.getNameNode()));
    if (!awaited || !follows || usedNames(awaited.declaration.getInitializerOrThrow()).some((name) => names.includes(name))) break;
    run.push(awaited);
  }
  const [first] = run;
  const last = run.at(-1);
  if (run.length < 2 || !first || !last) return [];
  const { indent, newline, semicolon } = site.style;
  const base = indentAt(site.text, first.statement.getStart());
  const names = run.map((one) => one.declaration.getNameNode().getText()).join(', ');
  const flat = `const [${names}] = await Promise.all([${run.map((one) => one.call).join(', ')}])${semicolon}`;
  const tall = `const [${names}] = await Promise.all([${newline}${run.map((one) => `${base}${indent}${one.call},${newline}`).join('')}${base}])${semicolon}`;
  const text = base.length + flat.length <= 120 ? flat : tall;
  return [
    proposal(site, first.statement, [{ start: first.statement.getStart(), end: last.statement.getEnd(), text }], {
      title: `Ask for ${names} at once`,
      rationale: 'None of these values is needed to ask for the others.',
      naturalness: 0.85,
    }),
  ];
}

function awaitedBy(statement: VariableStatement): Awaited | undefined {
  const [declaration, ...others] = statement.getDeclarations();
  const initializer = declaration?.getInitializer();
  if (
    !declaration ||
    others.length > 0 ||
    !Node.isAwaitExpression(initializer) ||
    declaration.getTypeNode() ||
    statement.getDeclarationKind() !== 'const'
  )
    return undefined;
  return { statement, declaration, call: initializer.getExpression().getText() };
}
