import type { FixTemplate } from '@selfheal/contracts';
import { Node, type Statement } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, proposal, type Site } from './causes.ts';
import { dedentBlock, indentAt } from './code-style.ts';
import { exitsAt } from './guard-before.ts';
import { handlerAround } from './http-framework.ts';
import { type Exit, leaving } from './return-values.ts';
import { statementAround } from './syntax-tree.ts';

const CATEGORIES = ['unguarded-parse', 'unguarded-input', 'invalid-date'];
/** Functions of the language that throw on bad input. */
const THROWS =
  /^(JSON\.parse|decodeURI(Component)?|BigInt|atob|structuredClone|String\.fromCodePoint)$|(^|\.)(json|toISOString|normalize|toFixed)$/;
const THROWS_NEW = /^(URL|RegExp|Intl\.\w+)$/;

/** Catches what parsing of outside input throws, and leaves by the function's convention; in a request handler with a 400. */
export const guardThrowingCall: FixTemplate = {
  name: 'guard-throwing-call',
  categories: CATEGORIES,
  prior: 0.55,
  source: 'Unchecked JSON.parse of input (eslint-plugin-security, CodeQL js/…); 8.8 % of BugsJS fixes add a guard around code',
  propose: atEachSite(CATEGORIES, (site) => {
    const calls = nodesAt(site, (node): node is Node => isThrowing(node) && !isCaught(node));
    return calls.slice(0, 3).flatMap((call) => caught(site, call));
  }),
};

function isThrowing(node: Node): boolean {
  if (Node.isNewExpression(node)) return THROWS_NEW.test(node.getExpression().getText());
  return Node.isCallExpression(node) && THROWS.test(node.getExpression().getText());
}

function isCaught(node: Node): boolean {
  return node
    .getAncestors()
    .some(
      (ancestor) =>
        Node.isTryStatement(ancestor) &&
        ancestor.getCatchClause() !== undefined &&
        ancestor.getTryBlock().containsRange(node.getPos(), node.getEnd()),
    );
}

function caught(site: Site, call: Node): (Proposal | undefined)[] {
  const statement = statementAround(call);
  if (!statement) return [];
  const isRequest = handlerAround(call) !== undefined;
  // What one of the function's own guards throws is what its callers expect, but a guard that returns is milder.
  const exits = exitsAt(site, call).map((exit) => ({
    ...exit,
    weight: exit.kind === 'answer' && isRequest ? Math.max(exit.weight, 0.9) : exit.weight,
  }));
  return exits.map((exit) => {
    const text = withTry(site, statement, exit);
    return text === undefined
      ? undefined
      : proposal(site, call, [{ start: statement.getStart(), end: statement.getEnd(), text }], {
          title: `Catch what ${nameOf(call)} throws on bad input`,
          rationale: `\`${shorten(call)}\` throws on input that is not well-formed; ${leaving(exit)}.`,
          naturalness: exit.weight,
        });
  });
}

function withTry(site: Site, statement: Statement, exit: Exit): string | undefined {
  const { indent, newline, semicolon } = site.style;
  const base = indentAt(site.text, statement.getStart());
  const inner = (lines: readonly string[]) => lines.map((line) => `${base}${indent}${line}${newline}`).join('');
  const handled = (body: readonly string[]) => `try {${newline}${inner(body)}${base}} catch {${newline}${inner(exit.statements)}${base}}`;
  const own = dedentBlock(statement.getText(), statement).split(/\r?\n/);
  if (Node.isReturnStatement(statement) || Node.isExpressionStatement(statement)) return handled(own);
  if (!Node.isVariableStatement(statement)) return undefined;
  const [declaration, ...others] = statement.getDeclarations();
  const initializer = declaration?.getInitializer();
  if (!declaration || !initializer || others.length > 0 || statement.hasExportKeyword()) return undefined;
  const type = declaration.getTypeNode()?.getText();
  const value = dedentBlock(initializer.getText(), statement);
  const name = declaration.getNameNode();
  if (Node.isIdentifier(name)) {
    return `let ${name.getText()}${type === undefined ? '' : `: ${type}`}${semicolon}${newline}${base}${handled(`${name.getText()} = ${value}${semicolon}`.split(/\r?\n/))}`;
  }
  const whole = 'parsed';
  const taken = `${newline}${base}const ${name.getText()} = ${whole}${semicolon}`;
  return `let ${whole}${semicolon}${newline}${base}${handled(`${whole} = ${value}${semicolon}`.split(/\r?\n/))}${taken}`;
}

function nameOf(call: Node): string {
  if (Node.isCallExpression(call)) return call.getExpression().getText().replace(/\s+/g, ' ').slice(0, 40);
  return Node.isNewExpression(call) ? `new ${call.getExpression().getText()}` : 'the call';
}

function shorten(call: Node): string {
  const flat = call.getText().replace(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}
