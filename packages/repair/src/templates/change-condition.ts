import type { FixTemplate } from '@selfheal/contracts';
import { type BinaryExpression, Node } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, proposal, type Site } from './causes.ts';

const CATEGORIES = ['wrong-operator', 'out-of-bounds', 'unknown'];

/** Operators next to each one, the likeliest slip first. */
const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '&&': ['||'],
  '||': ['&&', '??'],
  '??': ['||'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['/'],
};

/** Changes the operator or the limit of a condition, or turns it round. */
export const changeCondition: FixTemplate = {
  name: 'change-condition',
  categories: CATEGORIES,
  prior: 0.4,
  source: 'Changing an if condition is the most frequent fix of BugsJS (27.4 %); binary operator of TSSB-3M and HumanEvalFix (25 of 164)',
  propose: atEachSite(CATEGORIES, (site) =>
    conditionsAt(site).flatMap((binary) => [...operators(site, binary), ...limits(site, binary), ...turned(site, binary)]),
  ),
};

function conditionsAt(site: Site): BinaryExpression[] {
  const found = nodesAt(
    site,
    (node): node is BinaryExpression => Node.isBinaryExpression(node) && node.getOperatorToken().getText() in NEIGHBOURS,
  );
  // A fault of unknown kind may be in any operator of the line; a condition is likelier than arithmetic.
  return found.slice(0, site.cause.category === 'unknown' ? 3 : 5);
}

function operators(site: Site, binary: BinaryExpression): Proposal[] {
  const token = binary.getOperatorToken();
  const doubt = site.cause.category === 'unknown' ? 0.5 : 1;
  return (NEIGHBOURS[token.getText()] ?? []).map((operator, rank) =>
    proposal(site, binary, [{ start: token.getStart(), end: token.getEnd(), text: operator }], {
      title: `Use ${operator} in place of ${token.getText()} in ${shorten(binary)}`,
      rationale: `\`${shorten(binary)}\` gives the wrong answer for the failing calls.`,
      naturalness: (0.85 - 0.2 * rank) * doubt,
    }),
  );
}

/** `i < list.length` against `i < list.length - 1`. */
function limits(site: Site, binary: BinaryExpression): Proposal[] {
  const right = binary.getRight();
  if (!/^[<>]=?$/.test(binary.getOperatorToken().getText()) || site.cause.category === 'unknown') return [];
  const variants = Node.isNumericLiteral(right)
    ? [right.getLiteralValue() + 1, right.getLiteralValue() - 1].map(String)
    : right.getText().endsWith('.length')
      ? [`${right.getText()} - 1`]
      : [];
  return variants.map((text) =>
    proposal(site, binary, [{ start: right.getStart(), end: right.getEnd(), text }], {
      title: `Compare with ${text} in ${shorten(binary)}`,
      rationale: `\`${shorten(binary)}\` is off by one for the failing calls.`,
      naturalness: 0.35,
    }),
  );
}

function turned(site: Site, binary: BinaryExpression): Proposal[] {
  const parent = binary.getParent();
  const isWhole = Node.isIfStatement(parent) || (Node.isConditionalExpression(parent) && parent.getCondition() === binary);
  if (!isWhole || /^[=!]==?$/.test(binary.getOperatorToken().getText()) || site.cause.category === 'unknown') return [];
  return [
    proposal(site, binary, [{ start: binary.getStart(), end: binary.getEnd(), text: `!(${binary.getText()})` }], {
      title: `Turn ${shorten(binary)} round`,
      rationale: `\`${shorten(binary)}\` gives the opposite of what the failing calls need.`,
      naturalness: 0.3,
    }),
  ];
}

function shorten(node: Node): string {
  const flat = node.getText().replace(/\s+/g, ' ');
  return flat.length > 50 ? `${flat.slice(0, 47)}...` : flat;
}
