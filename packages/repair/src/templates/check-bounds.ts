import type { FixTemplate } from '@selfheal/contracts';
import { type CallExpression, type ElementAccessExpression, Node } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { guardsBefore } from './guard-before.ts';
import { isPlain } from './syntax-tree.ts';

const CATEGORIES = ['out-of-bounds', 'unknown'];

/** Leaves where a list is empty or an index lies outside of it; gives `reduce` a first value; keeps a length from being negative. */
export const checkBounds: FixTemplate = {
  name: 'check-bounds',
  categories: CATEGORIES,
  prior: 0.5,
  source: 'Range checks: TBar "insert range checker", kPAR; off-by-one fixes of BugsJS and QuixBugs',
  propose: atEachSite(CATEGORIES, (site) => [...indexChecks(site), ...firstValues(site), ...lengths(site)]),
};

function indexChecks(site: Site): Proposal[] {
  if (site.cause.category === 'unknown') return [];
  const accesses = nodesAt(site, (node): node is ElementAccessExpression => Node.isElementAccessExpression(node));
  return accesses.slice(0, 2).flatMap((access) => {
    const list = access.getExpression();
    const index = access.getArgumentExpression();
    if (!index || !isPlain(list) || !isPlain(index) || Node.isStringLiteral(index)) return [];
    const [array, at] = [list.getText(), index.getText()];
    const isFixed = Node.isNumericLiteral(index);
    const condition = isFixed ? `${array}.length <= ${at}` : `${at} < 0 || ${at} >= ${array}.length`;
    const empty = isFixed && at === '0' ? `${array}.length === 0` : condition;
    return guardsBefore(site, access, empty, {
      title: `Leave where ${array} has no item ${at}`,
      rationale: `\`${access.getText()}\` is undefined where \`${array}\` has fewer items.`,
      factor: 0.85,
    });
  });
}

/** `list.reduce(f)` fails on an empty list. */
function firstValues(site: Site): (Proposal | undefined)[] {
  const calls = nodesAt(
    site,
    (node): node is CallExpression =>
      Node.isCallExpression(node) && /\.reduce(Right)?$/.test(node.getExpression().getText()) && node.getArguments().length === 1,
  );
  return calls.flatMap((call) => {
    const callee = call.getExpression();
    const list = Node.isPropertyAccessExpression(callee) ? callee.getExpression() : undefined;
    const callback = call.getArguments()[0];
    if (!list || !callback) return [];
    const neutral = neutralValue(callback.getText(), site.style.quote);
    const at = callback.getEnd();
    const started =
      neutral === undefined
        ? undefined
        : proposal(site, call, [{ start: at, end: at, text: `, ${neutral}` }], {
            title: `Start the reduction at ${neutral}`,
            rationale: `An empty list has no first item to start with; starting at \`${neutral}\` changes no other result.`,
            naturalness: 0.85,
          });
    const guards = isPlain(list)
      ? guardsBefore(site, call, `${list.getText()}.length === 0`, {
          title: `Leave where ${list.getText()} is empty`,
          rationale: 'An empty list cannot be reduced without a first value.',
          factor: 0.8,
        })
      : [];
    return [started, ...guards];
  });
}

function neutralValue(callback: string, quote: string): string | undefined {
  const body = callback.replace(/\s+/g, ' ');
  if (/=> \(?\w+ \+ [\w.]+\)?$/.test(body) || /return \w+ \+ [\w.]+;?/.test(body)) return '0';
  if (/=> \(?\w+ \* [\w.]+\)?$/.test(body)) return '1';
  if (/Math\.max\(/.test(body)) return '-Infinity';
  if (/Math\.min\(/.test(body)) return 'Infinity';
  if (/\.concat\(|=> \[\.\.\./.test(body)) return '[]';
  if (/=> \(\{ \.\.\./.test(body)) return '{}';
  return /`|["']/.test(body) ? quote + quote : undefined;
}

const TAKES_LENGTH = /(^Array|\.(repeat|alloc|allocUnsafe|padStart|padEnd|fill))$/;

/** `'-'.repeat(n)`, `new Array(n)`: a negative length throws. */
function lengths(site: Site): (Proposal | undefined)[] {
  if (textValue(site.data.kind) !== 'invalid-length') return [];
  const calls = nodesAt(
    site,
    (node): node is Node =>
      (Node.isCallExpression(node) || Node.isNewExpression(node)) && TAKES_LENGTH.test(node.getExpression().getText()),
  );
  return calls.map((call) => {
    const [length] = Node.isCallExpression(call) || Node.isNewExpression(call) ? call.getArguments() : [];
    if (!length) return undefined;
    return proposal(site, call, [{ start: length.getStart(), end: length.getEnd(), text: `Math.max(0, ${length.getText()})` }], {
      title: `Keep the length of ${call.getText().slice(0, 40)} from being negative`,
      rationale: `\`${length.getText()}\` may be negative, which no length can be.`,
      naturalness: 0.8,
    });
  });
}
