import type { FixTemplate } from '@selfheal/contracts';
import { Node, type ParameterDeclaration, SyntaxKind } from 'ts-morph';
import { atEachSite, type Proposal, proposal, type Site } from './causes.ts';
import { NULL_CATEGORIES, type NullAccess, nullAccessesAt } from './null-access.ts';
import { functionAround } from './syntax-tree.ts';

/** Goes on with an empty value in place of a missing one: `(items ?? []).map(...)`, or where the value is bound. */
export const defaultValue: FixTemplate = {
  name: 'default-value',
  categories: NULL_CATEGORIES,
  prior: 0.38,
  source: 'NPEFix "replace by a new value"; missing defaults are a frequent BugsJS assignment fix (25.4 % of labels)',
  propose: atEachSite(NULL_CATEGORIES, (site) =>
    nullAccessesAt(site).flatMap((access) => [inPlace(site, access), ...whereBound(site, access)]),
  ),
};

const LISTS =
  /^(map|filter|forEach|reduce|reduceRight|some|every|find|findIndex|findLast|flatMap|join|includes|indexOf|slice|concat|sort|toSorted|reverse|push|at|flat|entries|length|Symbol\.iterator)$/;
const TEXTS =
  /^(trim\w*|to(Upper|Lower)Case|split|replace(All)?|startsWith|endsWith|charAt|charCodeAt|padStart|padEnd|match|matchAll|substring|localeCompare|normalize|repeat)$/;
const NUMBERS = /^(toFixed|toPrecision|toLocaleString)$/;

/** The empty value that the use needs. */
function emptyFor(access: NullAccess, quote: string): { value: string; weight: number } {
  if (access.kind === 'keys') return { value: '{}', weight: 0.6 };
  if (access.kind === 'iterate' || Node.isArrayBindingPattern(nameOf(access.node))) return { value: '[]', weight: 0.66 };
  if (LISTS.test(access.property)) return { value: '[]', weight: 0.62 };
  if (TEXTS.test(access.property)) return { value: quote + quote, weight: 0.48 };
  if (NUMBERS.test(access.property)) return { value: '0', weight: 0.4 };
  return { value: '{}', weight: access.kind === 'destructure' ? 0.5 : 0.22 };
}

function nameOf(node: Node): Node | undefined {
  return Node.isVariableDeclaration(node) ? node.getNameNode() : undefined;
}

function inPlace(site: Site, access: NullAccess): Proposal | undefined {
  const { receiver, node } = access;
  const { value, weight } = emptyFor(access, site.style.quote);
  if (Node.isAwaitExpression(receiver) || isTarget(node)) return undefined;
  const bare = access.kind === 'destructure' || (access.kind === 'iterate' && !Node.isSpreadElement(node)) || access.kind === 'keys';
  const text = bare
    ? `${receiver.getText()} ?? ${value}`
    : access.kind === 'iterate'
      ? `(${receiver.getText()} ?? ${value})`
      : `(${receiver.getText()} ?? ${value})`;
  return proposal(site, node, [{ start: access.written.getStart(), end: access.written.getEnd(), text }], {
    title: `Take ${value} where ${receiver.getText().slice(0, 60)} is missing`,
    rationale: `\`${receiver.getText().slice(0, 80)}\` may be null or undefined; \`${value}\` is the empty value that its use needs.`,
    naturalness: weight,
  });
}

/** At the declaration or parameter that the receiver comes from. */
function whereBound(site: Site, access: NullAccess): (Proposal | undefined)[] {
  if (!Node.isIdentifier(access.receiver)) return [];
  const { value, weight } = emptyFor(access, site.style.quote);
  const about = {
    title: `Let ${access.receiver.getText()} be ${value} where none is given`,
    rationale: `\`${access.receiver.getText()}\` may be missing; \`${value}\` is the empty value that its use needs.`,
  };
  return (access.receiver.getSymbol()?.getDeclarations() ?? []).map((declaration) => {
    if (declaration.getSourceFile() !== site.source || functionOf(declaration) !== functionAround(access.node)) return undefined;
    if (Node.isVariableDeclaration(declaration)) {
      const initializer = declaration.getInitializer();
      if (!initializer || Node.isBinaryExpression(initializer)) return undefined;
      return proposal(site, access.node, [{ start: initializer.getEnd(), end: initializer.getEnd(), text: ` ?? ${value}` }], {
        ...about,
        naturalness: weight + 0.02,
      });
    }
    if (Node.isBindingElement(declaration) || Node.isParameterDeclaration(declaration))
      return withInitializer(site, access, declaration, value, weight, about);
    return undefined;
  });
}

/** A default of a parameter stands in for undefined alone, not for null. */
function withInitializer(
  site: Site,
  access: NullAccess,
  declaration: ParameterDeclaration | Node,
  value: string,
  weight: number,
  about: { title: string; rationale: string },
): Proposal | undefined {
  if (
    site.data.value === 'null' ||
    declaration.getFirstChildByKind(SyntaxKind.EqualsToken) ||
    declaration.getFirstChildByKind(SyntaxKind.QuestionToken)
  )
    return undefined;
  return proposal(site, access.node, [{ start: declaration.getEnd(), end: declaration.getEnd(), text: ` = ${value}` }], {
    ...about,
    naturalness: weight - 0.04,
  });
}

function functionOf(declaration: Node): Node | undefined {
  return functionAround(declaration);
}

function isTarget(node: Node): boolean {
  const parent = node.getParent();
  return Node.isBinaryExpression(parent) && parent.getLeft() === node && parent.getOperatorToken().getText() === '=';
}
