import type { FixTemplate } from '@selfheal/contracts';
import { Node, type Statement, SyntaxKind } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { atEachSite, type Proposal, proposal, type Site } from './causes.ts';
import { guardStatement, indentAt } from './code-style.ts';
import { failureConvention } from './failure-convention.ts';
import { freshName } from './fresh-name.ts';
import { NULL_CATEGORIES, type NullAccess, nullAccessesAt } from './null-access.ts';
import { type Exit, leaving } from './return-values.ts';
import { functionAround, isPlain, statementAround } from './syntax-tree.ts';

const EXITS_TRIED = 4;

/** Leaves the function, in its own manner, where a value is missing. */
export const guardNull: FixTemplate = {
  name: 'guard-null',
  categories: NULL_CATEGORIES,
  prior: 0.62,
  source: 'Null-pointer guards: NPEFix, TBar "insert null checker"; 10.8 % of BugsJS fixes add a guard with return, throw or continue',
  propose: atEachSite(NULL_CATEGORIES, (site) => nullAccessesAt(site).flatMap((access) => guards(site, access))),
};

function guards(site: Site, access: NullAccess): (Proposal | undefined)[] {
  const statement = statementAround(access.node);
  const body = statement ? undefined : expressionBody(access.node);
  const exits = failureConvention(access.node, site.style).slice(0, EXITS_TRIED);
  return exits.map((exit) => {
    if (statement) return beforeStatement(site, access, statement, exit);
    return body && exit.kind === 'return' ? asBlock(site, access, body, exit) : undefined;
  });
}

function beforeStatement(site: Site, access: NullAccess, statement: Statement, exit: Exit): Proposal | undefined {
  if (exit.kind === 'continue' && statement.getFirstAncestor(isLoop) === undefined) return undefined;
  const declared = declarationOf(access, statement);
  const isDestructured = declared?.isDestructured ?? false;
  const about = {
    title: `Leave where ${shorten(access.receiver.getText())} is missing`,
    rationale: `\`${shorten(access.receiver.getText())}\` may be null or undefined here; ${leaving(exit)}.`,
  };
  if (!isPlain(access.receiver)) return withConstant(site, access, statement, exit, about);
  const condition = missing(site, access);
  if (declared && exit.kind !== 'continue') {
    const at = endOfLine(site.text, declared.statement.getEnd());
    const guard = guardStatement(condition, exit.statements, indentAt(site.text, declared.statement.getStart()), site.style);
    return proposal(site, access.node, [{ start: at, end: at, text: guard }], {
      ...about,
      naturalness: exit.weight * (isDestructured ? 0.98 : 1),
    });
  }
  const at = lineStart(site.text, statement.getStart());
  const guard = guardStatement(condition, exit.statements, indentAt(site.text, statement.getStart()), site.style);
  return proposal(site, access.node, [{ start: at, end: at, text: guard }], {
    ...about,
    naturalness: exit.weight * (isConditional(access.node, statement) ? 0.75 : 0.96),
  });
}

/** `find(x).name`: the value gets a name first, so that it is computed once. */
function withConstant(
  site: Site,
  access: NullAccess,
  statement: Statement,
  exit: Exit,
  about: { title: string; rationale: string },
): Proposal | undefined {
  if (
    isConditional(access.node, statement) ||
    access.receiver.getFirstAncestor((node) => node === functionAround(access.node) || node === statement) !== statement
  )
    return undefined;
  const name = freshName(access.receiver);
  const indent = indentAt(site.text, statement.getStart());
  const at = lineStart(site.text, statement.getStart());
  const constant = `${indent}const ${name} = ${access.receiver.getText()}${site.style.semicolon}${site.style.newline}`;
  const changes: Change[] = [
    { start: at, end: at, text: constant + guardStatement(`!${name}`, exit.statements, indent, site.style) },
    { start: access.written.getStart(), end: access.written.getEnd(), text: name },
  ];
  return proposal(site, access.node, changes, { ...about, naturalness: exit.weight * 0.82 });
}

/** `(x) => x.a.b` becomes a block with a guard. */
function asBlock(site: Site, access: NullAccess, body: Node, exit: Exit): Proposal | undefined {
  if (!isPlain(access.receiver)) return undefined;
  const { newline, semicolon, indent } = site.style;
  const outer = /^[ \t]*/.exec(site.text.slice(lineStart(site.text, body.getStart())))?.[0] ?? '';
  const inner = outer + indent;
  const value = Node.isParenthesizedExpression(body) ? body.getExpression().getText() : body.getText();
  const text = `{${newline}${guardStatement(missing(site, access), exit.statements, inner, site.style)}${inner}return ${value}${semicolon}${newline}${outer}}`;
  return proposal(site, access.node, [{ start: body.getStart(), end: body.getEnd(), text }], {
    title: `Leave where ${shorten(access.receiver.getText())} is missing`,
    rationale: `\`${shorten(access.receiver.getText())}\` may be null or undefined here; ${leaving(exit)}.`,
    naturalness: exit.weight * 0.7,
  });
}

const TEXT_AND_NUMBER =
  /^(trim\w*|to(Upper|Lower)Case|toFixed|toString|toPrecision|split|replace(All)?|slice|substring|startsWith|endsWith|charAt|charCodeAt|padStart|padEnd|match|length|toLocaleString|localeCompare)$/;

/** A condition for "missing"; `!x` unless the value may be a text or number, whose empty ones are fine to use. */
function missing({ style }: Site, access: NullAccess): string {
  const text = access.receiver.getText();
  if (access.kind !== 'member' || !TEXT_AND_NUMBER.test(access.property)) return `!${text}`;
  return style.looseNull ? `${text} == null` : `${text} === undefined || ${text} === null`;
}

function declarationOf(access: NullAccess, statement: Statement): { statement: Node; isDestructured: boolean } | undefined {
  if (!Node.isIdentifier(access.receiver)) return undefined;
  const [definition] = access.receiver.getSymbol()?.getDeclarations() ?? [];
  if (!definition) return undefined;
  const declared = definition.getFirstAncestorByKind(SyntaxKind.VariableStatement);
  if (declared?.getDeclarationKind() !== 'const' || functionAround(declared) !== functionAround(access.node)) return undefined;
  const list = declared.getParent();
  const isVisible = list === statement.getParent() || list.containsRange(statement.getPos(), statement.getEnd());
  return isVisible && declared.getEnd() <= statement.getStart()
    ? { statement: declared, isDestructured: Node.isBindingElement(definition) }
    : undefined;
}

/** Whether the code runs only in some cases in which the statement runs: a guard before it would leave too often. */
function isConditional(node: Node, statement: Statement): boolean {
  for (let at = node; at !== statement; ) {
    const parent = at.getParent();
    if (!parent) return false;
    if (Node.isConditionalExpression(parent) && parent.getCondition() !== at) return true;
    if (Node.isBinaryExpression(parent) && /^(&&|\|\||\?\?)$/.test(parent.getOperatorToken().getText()) && parent.getRight() === at)
      return true;
    if (Node.isIfStatement(parent) && parent.getExpression() !== at) return true;
    at = parent;
  }
  return false;
}

function expressionBody(node: Node): Node | undefined {
  const fn = functionAround(node);
  const body = Node.isArrowFunction(fn) ? fn.getBody() : undefined;
  return body && !Node.isBlock(body) ? body : undefined;
}

function isLoop(node: Node): boolean {
  return Node.isIterationStatement(node);
}

function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}

function endOfLine(text: string, position: number): number {
  const newline = text.indexOf('\n', position);
  return newline < 0 ? text.length : newline + 1;
}

function shorten(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}
