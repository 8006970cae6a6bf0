import type { FixTemplate } from '@selfheal/contracts';
import { type Expression, Node } from 'ts-morph';
import { atEachSite, type Proposal, proposal, type Site } from './causes.ts';
import { failureValues } from './failure-convention.ts';
import { NULL_CATEGORIES, type NullAccess, nullAccessesAt } from './null-access.ts';
import { functionAround } from './syntax-tree.ts';

/** Reads through a missing value: `a?.b`, with the function's own empty value behind it where the result leaves the function. */
export const optionalChain: FixTemplate = {
  name: 'optional-chain',
  categories: NULL_CATEGORIES,
  prior: 0.42,
  source: 'Optional chaining as the smallest null guard (ECMAScript 2020); TFix and GenProgJS fix sets',
  propose: atEachSite(NULL_CATEGORIES, (site) => nullAccessesAt(site).flatMap((access) => chains(site, access))),
};

function chains(site: Site, access: NullAccess): (Proposal | undefined)[] {
  const { node, receiver } = access;
  if (access.kind !== 'member' || isWritten(node)) return [];
  const dot = Node.isElementAccessExpression(node) ? '?.' : '?';
  const insert = { start: receiver.getEnd(), end: access.written.getEnd(), text: dot };
  const whole = chainOf(node);
  const use = usefulness(whole, site);
  const title = `Read ${access.property} only where ${shown(receiver)} is there`;
  const fault = `\`${shown(receiver)}\` may be null or undefined`;
  const plain = proposal(site, node, [insert], {
    title,
    rationale: `${fault}; the expression then gives \`undefined\`, and ${use.why}.`,
    naturalness: use.weight,
  });
  const values = isLeaving(whole)
    ? failureValues(node, site.style)
        .filter((value) => value !== 'undefined')
        .slice(0, 2)
    : [];
  const defaulted = values.map((value, rank) => {
    const changes = needsParentheses(whole)
      ? [
          { start: whole.getStart(), end: whole.getStart(), text: '(' },
          insert,
          { start: whole.getEnd(), end: whole.getEnd(), text: ` ?? ${value})` },
        ]
      : [insert, { start: whole.getEnd(), end: whole.getEnd(), text: ` ?? ${value}` }];
    return proposal(site, node, changes, {
      title,
      rationale: `${fault}; the function then returns \`${value}\`.`,
      naturalness: 0.7 - 0.15 * rank,
    });
  });
  return [plain, ...defaulted];
}

function isWritten(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isBinaryExpression(parent))
    return (
      parent.getLeft() === node &&
      /=$/.test(parent.getOperatorToken().getText()) &&
      !/^[=!]==?$|^[<>]=$/.test(parent.getOperatorToken().getText())
    );
  return (
    Node.isPostfixUnaryExpression(parent) ||
    (Node.isPrefixUnaryExpression(parent) && /^(\+\+|--)/.test(parent.getText())) ||
    Node.isDeleteExpression(parent)
  );
}

/** The whole chain that is cut short with it: `a.b` of `a.b.c(d).e`. */
function chainOf(node: Node): Node {
  const parent = node.getParent();
  const continues =
    (Node.isPropertyAccessExpression(parent) ||
      Node.isElementAccessExpression(parent) ||
      Node.isCallExpression(parent) ||
      Node.isNonNullExpression(parent)) &&
    parent.getExpression() === node;
  return parent && continues ? chainOf(parent) : node;
}

function isLeaving(whole: Node): boolean {
  const parent = whole.getParent();
  return Node.isReturnStatement(parent) || (Node.isArrowFunction(parent) && parent.getBody() === whole);
}

function needsParentheses(whole: Node): boolean {
  const parent = whole.getParent();
  return Node.isBinaryExpression(parent) || Node.isAwaitExpression(parent);
}

/** What undefined does where the chain's value goes. */
function usefulness(whole: Node, { text }: Site): { weight: number; why: string } {
  const precedent = /\w\?\.\w/.test(text) ? 0.1 : 0;
  const parent = whole.getParent();
  if (Node.isIfStatement(parent) || Node.isConditionalExpression(parent) || Node.isPrefixUnaryExpression(parent))
    return { weight: 0.72 + precedent, why: 'the condition takes it for false' };
  if (Node.isBinaryExpression(parent)) return inOperation(parent.getOperatorToken().getText(), precedent);
  if (Node.isExpressionStatement(parent)) return { weight: 0.68 + precedent, why: 'nothing is called' };
  if (Node.isReturnStatement(parent) || Node.isArrowFunction(parent))
    return { weight: (isAllowed(whole) ? 0.6 : 0.35) + precedent, why: 'the function returns that' };
  if (Node.isPropertyAssignment(parent) || Node.isVariableDeclaration(parent))
    return { weight: 0.38 + precedent, why: 'that is passed on' };
  if (Node.isCallExpression(parent)) return { weight: 0.25 + precedent, why: 'that is passed on' };
  if (Node.isTemplateSpan(parent)) return { weight: 0.08, why: 'the text then says "undefined"' };
  return { weight: 0.25, why: 'that is passed on' };
}

function inOperation(operator: string, precedent: number): { weight: number; why: string } {
  if (operator === '??' || operator === '||') return { weight: 0.85, why: 'the default behind it is taken' };
  if (operator === '&&') return { weight: 0.7 + precedent, why: 'the condition does not hold' };
  if (/^([=!]==?|[<>]=?)$/.test(operator)) return { weight: 0.6 + precedent, why: 'the comparison does not hold' };
  return { weight: 0.1, why: 'the operation works with that' };
}

function isAllowed(node: Node): boolean {
  const fn = functionAround(node);
  return fn !== undefined && !Node.isConstructorDeclaration(fn) && /undefined/.test(fn.getReturnTypeNode()?.getText() ?? '');
}

function shown(receiver: Expression): string {
  const flat = receiver.getText().replace(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}
