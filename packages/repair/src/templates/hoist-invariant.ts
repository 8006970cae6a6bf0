import type { FixTemplate } from '@selfheal/contracts';
import { type Expression, Node, SyntaxKind } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { dedentBlock, indentAt } from './code-style.ts';
import { freshName } from './fresh-name.ts';
import { isInvariant, loopAround, type RepeatedCode } from './loop-place.ts';
import { boundNames, functionAround, isFunctionNode, isInScope, statementAround } from './syntax-tree.ts';

const CATEGORIES = ['loop-invariant', 'repeated-pure-call', 'quadratic-loop'];

/** Computes once, before the loop or at the first use, what gives the same every time. */
export const hoistInvariant: FixTemplate = {
  name: 'hoist-invariant',
  categories: CATEGORIES,
  prior: 0.6,
  source: 'Loop-invariant code motion (Aho et al.); redundant computation in loops (Nistor et al., Toddler, ICSE 2013)',
  propose: atEachSite(CATEGORIES, (site) => [...fromLoops(site), ...fromRow(site), ...toModule(site)]),
};

function expressionsAt(site: Site): Expression[] {
  const said = (textValue(site.data.expression) ?? textValue(site.data.call) ?? textValue(site.data.inner))?.replace(/\s+/g, '');
  return nodesAt(
    site,
    (node): node is Expression =>
      (Node.isCallExpression(node) || Node.isNewExpression(node)) && node.getText().replace(/\s+/g, '') === said,
  );
}

function fromLoops(site: Site): (Proposal | undefined)[] {
  return expressionsAt(site)
    .slice(0, 1)
    .map((expression) => {
      const loop = loopAround(site, expression);
      if (!loop || loop.node === expression || !isInvariant(expression, loop.node)) return undefined;
      const same = loop.node.getDescendants().filter((node) => node.getText() === expression.getText());
      return movedOut(site, expression, same, loop) ?? computedBefore(site, expression, same, loop.statement.getStart(), 'before the loop');
    });
}

/** `const active = rules.filter(...)` in the loop: the whole constant moves before it, under its own name. */
function movedOut(site: Site, expression: Expression, same: readonly Node[], loop: RepeatedCode): Proposal | undefined {
  const statement = expression.getParentOrThrow().getFirstAncestorByKind(SyntaxKind.VariableStatement);
  const [declaration, ...others] = statement?.getDeclarations() ?? [];
  if (!statement || declaration?.getInitializer() !== expression || others.length > 0 || same.length > 1) return undefined;
  if (
    statement.getDeclarationKind() !== 'const' ||
    !boundNames(declaration.getNameNode()).every((name) => !isInScope(name, loop.statement))
  )
    return undefined;
  const start = site.text.lastIndexOf('\n', statement.getStart() - 1) + 1;
  const newline = site.text.indexOf('\n', statement.getEnd());
  if (newline < 0 || site.text.slice(statement.getEnd(), newline).trim() !== '') return undefined;
  const at = loop.statement.getStart();
  const changes = [
    { start: at, end: at, text: `${dedentBlock(statement.getText(), statement)}${site.style.newline}${indentAt(site.text, at)}` },
    { start, end: newline + 1, text: '' },
  ];
  return proposal(site, expression, changes, {
    title: `Compute ${shorten(expression)} once, before the loop`,
    rationale: `\`${shorten(expression)}\` uses nothing that changes, so it gives the same each time.`,
    naturalness: 0.92,
  });
}

/** The same call several times in a row of statements: the first keeps its value. */
function fromRow(site: Site): (Proposal | undefined)[] {
  const [first] = expressionsAt(site);
  const fn = first && functionAround(first);
  if (!first || !fn || site.cause.category !== 'repeated-pure-call' || site.data.kind === 'recursion') return [];
  const same = fn.getDescendants().filter((node) => node.getText() === first.getText() && functionAround(node) === fn);
  const [earliest] = same;
  const statement = earliest && statementAround(earliest);
  return statement && same.length > 1 ? [computedBefore(site, first, same, statement.getStart(), 'at its first use')] : [];
}

function computedBefore(site: Site, expression: Expression, same: readonly Node[], at: number, where: string): Proposal {
  const { semicolon, newline } = site.style;
  const name = nameFor(expression);
  const constant = `const ${name} = ${expression.getText()}${semicolon}${newline}${indentAt(site.text, at)}`;
  const outermost = same.filter((node) => !same.some((other) => other !== node && other.containsRange(node.getPos(), node.getEnd())));
  return proposal(
    site,
    expression,
    [{ start: at, end: at, text: constant }, ...outermost.map((node) => ({ start: node.getStart(), end: node.getEnd(), text: name }))],
    {
      title: `Compute ${shorten(expression)} once, ${where}`,
      rationale: `\`${shorten(expression)}\` uses nothing that changes, so it gives the same each time.`,
      naturalness: 0.88,
    },
  );
}

/** What depends on nothing of the function at all is computed once for the module. */
function toModule(site: Site): (Proposal | undefined)[] {
  return expressionsAt(site)
    .slice(0, 1)
    .map((expression) => {
      const fn = functionAround(expression);
      const outer = fn?.getAncestors().findLast((node) => isFunctionNode(node)) ?? fn;
      const statement = outer && statementAround(outer);
      if (!outer || !statement || !isInvariant(expression, outer) || /\bthis\b|\bawait\b/.test(expression.getText())) return undefined;
      const moduleLevel = statement.getAncestors().every((node) => !isFunctionNode(node));
      const same = outer.getDescendants().filter((node) => node.getText() === expression.getText());
      return moduleLevel
        ? {
            ...computedBefore(site, expression, same, statement.getStart(), 'when the module is loaded'),
            naturalness: site.data.scope === 'module' ? 0.9 : 0.35,
          }
        : undefined;
    });
}

function nameFor(expression: Expression): string {
  const callee = Node.isNewExpression(expression) || Node.isCallExpression(expression) ? expression.getExpression().getText() : '';
  const last = callee.split('.').at(-1) ?? '';
  if (!Node.isNewExpression(expression)) return freshName(expression);
  const wish = (last[0]?.toLowerCase() ?? 'v') + last.slice(1);
  return new RegExp(`\\b${wish}\\b`).test(expression.getSourceFile().getFullText()) ? `shared${last}` : wish;
}

function shorten(node: Node): string {
  const flat = node.getText().replace(/\s+/g, ' ');
  return flat.length > 50 ? `${flat.slice(0, 47)}...` : flat;
}
