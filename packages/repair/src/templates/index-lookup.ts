import type { FixTemplate } from '@selfheal/contracts';
import { type ArrowFunction, type CallExpression, type Expression, Node } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { atEachSite, nodesAt, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { indentAt } from './code-style.ts';
import { isInvariant, loopAround, namesChanged, type RepeatedCode } from './loop-place.ts';
import { isInScope, usedNames } from './syntax-tree.ts';

const CATEGORIES = ['quadratic-loop'];

/** Looks things up in a Set or Map that is built once, in place of running over a list in every pass. */
export const indexLookup: FixTemplate = {
  name: 'index-lookup',
  categories: CATEGORIES,
  prior: 0.62,
  source: 'Inefficient membership and nested-loop joins (Olivo et al., CLARITY, PLDI 2015; Nistor et al., CARAMEL, ICSE 2015)',
  propose: atEachSite(CATEGORIES, (site) => scansAt(site).flatMap((scan) => lookups(site, scan))),
};

interface Scan {
  readonly call: CallExpression;
  readonly list: Expression;
  readonly method: string;
  readonly loop: RepeatedCode;
}

function scansAt(site: Site): Scan[] {
  const inner = textValue(site.data.inner)?.replace(/\s+/g, '');
  const calls = nodesAt({ ...site, cause: { ...site.cause, location: wholeLoop(site) } }, (node): node is CallExpression =>
    Node.isCallExpression(node),
  );
  const named = site.source
    .getDescendants()
    .filter((node): node is CallExpression => Node.isCallExpression(node) && node.getText().replace(/\s+/g, '') === inner);
  return (named.length > 0 ? named : calls).flatMap((call) => {
    const callee = call.getExpression();
    if (!Node.isPropertyAccessExpression(callee) || !/^(includes|indexOf|find|filter|some|findIndex)$/.test(callee.getName())) return [];
    const loop = loopAround(site, call);
    return loop && loop.node !== call ? [{ call, list: callee.getExpression(), method: callee.getName(), loop }] : [];
  });
}

function wholeLoop(site: Site): Site['cause']['location'] {
  const { location } = site.cause;
  const end = site.data.loopEnd;
  return { ...location, endLine: typeof end === 'number' ? end : (location.endLine ?? location.line) };
}

function lookups(site: Site, scan: Scan): (Proposal | undefined)[] {
  const { method, call } = scan;
  if (method === 'includes') return [membership(site, scan, call)];
  if (method === 'indexOf') {
    const test = call.getParent();
    const found = Node.isBinaryExpression(test)
      ? /^(!==?|>)\s*-1$|^>=\s*0$/.test(`${test.getOperatorToken().getText()} ${test.getRight().getText()}`)
      : undefined;
    const missing =
      Node.isBinaryExpression(test) && /^===?\s*-1$|^<\s*0$/.test(`${test.getOperatorToken().getText()} ${test.getRight().getText()}`);
    return test && (found || missing) ? [membership(site, scan, test, missing ? '!' : '')] : [];
  }
  const key = joinKey(scan);
  if (!key) return [];
  if (method === 'some') return [keySet(site, scan, key)];
  return [method === 'filter' ? groups(site, scan, key) : byKey(site, scan, key)];
}

/** `list.includes(x)`: a Set, kept up to date where the loop itself adds to the list. */
function membership(site: Site, { call, list, loop }: Scan, whole: Node, negation = ''): Proposal | undefined {
  const [wanted] = call.getArguments();
  if (!wanted || call.getArguments().length > 1) return undefined;
  const name = freeName(site, loop, `known${capital(lastName(list))}`);
  const added = additions(loop, list.getText());
  const changes = namesChanged(loop.node);
  if (!added || (changes.has(rootName(list)) && added.length === 0) || isMadeWithin(loop, list)) return undefined;
  const replaced: Change = { start: whole.getStart(), end: whole.getEnd(), text: `${negation}${name}.has(${wanted.getText()})` };
  const kept = added.map((push) => followed(push, `${name}.add(${push.getArguments()[0]?.getText()})`, site));
  return finished(
    site,
    loop,
    call,
    `const ${name} = new Set(${list.getText()})`,
    [replaced, ...kept],
    `Look up ${wanted.getText().slice(0, 40)} in a Set`,
  );
}

/** Calls that add one value to the list; undefined where the loop changes it in another way. */
function additions(loop: RepeatedCode, list: string): CallExpression[] | undefined {
  const calls = loop.node
    .getDescendants()
    .filter((node): node is CallExpression => Node.isCallExpression(node) && node.getExpression().getText().startsWith(`${list}.`));
  const changing = calls.filter((node) => /\.(push|pop|shift|unshift|splice|sort|reverse|fill)$/.test(node.getExpression().getText()));
  const isPlain = (node: CallExpression) =>
    node.getExpression().getText() === `${list}.push` && node.getArguments().length === 1 && Node.isExpressionStatement(node.getParent());
  return changing.every(isPlain) ? changing : undefined;
}

/** What is added to the list is added to the Set as well. */
function followed(push: CallExpression, added: string, { text, style }: Site): Change {
  const statement = push.getParentOrThrow();
  const { semicolon: end, newline, indent } = style;
  const base = indentAt(text, push.getStart());
  if (Node.isBlock(statement.getParent())) return { start: push.getEnd(), end: push.getEnd(), text: `${end}${newline}${base}${added}` };
  const lines = [`{`, `${indent}${push.getText()}${end}`, `${indent}${added}${end}`, '}'];
  return { start: statement.getStart(), end: statement.getEnd(), text: lines.join(`${newline}${base}`) };
}

interface JoinKey {
  readonly item: string;
  /** The key of an item, as source over `item`. */
  readonly ofItem: string;
  /** The key looked for. */
  readonly wanted: string;
  /** Further conditions that an item must meet. */
  readonly rest: string | undefined;
}

/** `(user) => user.id === order.userId` */
function joinKey({ call, loop }: Scan): JoinKey | undefined {
  const [callback, ...others] = call.getArguments();
  const body = Node.isArrowFunction(callback) ? bodyOf(callback) : undefined;
  if (!Node.isArrowFunction(callback) || callback.getParameters().length !== 1 || others.length > 0 || !body) return undefined;
  const item = callback.getParameters()[0]?.getName() ?? '';
  const parts = conjuncts(body);
  for (const [index, part] of parts.entries()) {
    if (!Node.isBinaryExpression(part) || part.getOperatorToken().getText() !== '===') continue;
    const sides = [part.getLeft(), part.getRight()];
    const own = sides.find((side) => usedNames(side).includes(item));
    const other = sides.find((side) => side !== own);
    if (!own || !other || usedNames(other).includes(item) || usedNames(own).some((name) => name !== item && !isInvariant(own, loop.node)))
      continue;
    const rest = parts.filter((_, at) => at !== index).map((one) => one.getText());
    return { item, ofItem: own.getText(), wanted: other.getText(), rest: rest.length > 0 ? rest.join(' && ') : undefined };
  }
  return undefined;
}

function bodyOf(callback: ArrowFunction): Node | undefined {
  const body = callback.getBody();
  if (!Node.isBlock(body)) return body;
  const [only, ...others] = body.getStatements();
  return others.length === 0 && Node.isReturnStatement(only) ? only.getExpression() : undefined;
}

function conjuncts(node: Node): Node[] {
  if (Node.isParenthesizedExpression(node)) return conjuncts(node.getExpression());
  return Node.isBinaryExpression(node) && node.getOperatorToken().getText() === '&&'
    ? [...conjuncts(node.getLeft()), ...conjuncts(node.getRight())]
    : [node];
}

function keySet(site: Site, { call, list, loop }: Scan, key: JoinKey): Proposal | undefined {
  if (key.rest !== undefined || !isInvariant(list, loop.node)) return undefined;
  const name = freeName(site, loop, `${lastWord(key.ofItem)}s`);
  const made = `const ${name} = new Set(${list.getText()}.map((${key.item}) => ${key.ofItem}))`;
  return finished(
    site,
    loop,
    call,
    made,
    [{ start: call.getStart(), end: call.getEnd(), text: `${name}.has(${key.wanted})` }],
    `Look up ${key.wanted.slice(0, 40)} in a Set`,
  );
}

/** `find` and `findIndex` give the first of several: the Map is filled from the end, so that the first stays. */
function byKey(site: Site, { call, list, loop, method }: Scan, key: JoinKey): Proposal | undefined {
  if (key.rest !== undefined || !isInvariant(list, loop.node)) return undefined;
  const name = freeName(
    site,
    loop,
    `${singular(lastName(list))}${method === 'findIndex' ? 'Index' : ''}By${capital(lastWord(key.ofItem))}`,
  );
  const pair = /\.[cm]?tsx?$/.test(site.path) ? ' as const' : '';
  const [parameters, value] = method === 'findIndex' ? [`${key.item}, index`, 'index'] : [key.item, key.item];
  const made = `const ${name} = new Map(${list.getText()}.map((${parameters}) => [${key.ofItem}, ${value}]${pair}).reverse())`;
  const found = `${name}.get(${key.wanted})`;
  const text = method === 'findIndex' ? `(${found} ?? -1)` : found;
  return finished(
    site,
    loop,
    call,
    made,
    [{ start: call.getStart(), end: call.getEnd(), text }],
    `Look up by ${lastWord(key.ofItem)} in a Map`,
  );
}

function groups(site: Site, { call, list, loop }: Scan, key: JoinKey): Proposal | undefined {
  if (!isInvariant(list, loop.node)) return undefined;
  const name = freeName(site, loop, `${lastName(list)}By${capital(lastWord(key.ofItem))}`);
  const made = `const ${name} = Map.groupBy(${list.getText()}, (${key.item}) => ${key.ofItem})`;
  const rest = key.rest === undefined ? '' : `.filter((${key.item}) => ${key.rest})`;
  return finished(
    site,
    loop,
    call,
    made,
    [{ start: call.getStart(), end: call.getEnd(), text: `(${name}.get(${key.wanted}) ?? [])${rest}` }],
    `Group ${list.getText().slice(0, 40)} by ${lastWord(key.ofItem)} once`,
  );
}

function finished(
  site: Site,
  loop: RepeatedCode,
  call: CallExpression,
  made: string,
  changes: readonly Change[],
  title: string,
): Proposal | undefined {
  const { semicolon, newline } = site.style;
  const at = loop.statement.getStart();
  const before = `${made}${semicolon}${newline}${indentAt(site.text, at)}`;
  return proposal(site, call, [{ start: at, end: at, text: before }, ...changes], {
    title,
    rationale: `\`${call.getText().replace(/\s+/g, ' ').slice(0, 80)}\` runs over the whole list in every pass; the index is built once, so the work grows with the input and no longer with its square.`,
    naturalness: 0.9,
  });
}

function isMadeWithin(loop: RepeatedCode, list: Expression): boolean {
  return loop.node.getDescendants().some((node) => Node.isVariableDeclaration(node) && node.getName() === rootName(list));
}

function freeName(site: Site, loop: RepeatedCode, wish: string): string {
  const taken = (name: string) => isInScope(name, loop.statement) || new RegExp(`\\b${name}\\b`).test(site.text);
  let name = wish;
  for (let count = 2; taken(name); count += 1) name = `${wish}${count}`;
  return name;
}

function rootName(expression: Expression): string {
  return /^[A-Za-z_$][\w$]*/.exec(expression.getText())?.[0] ?? '';
}

function lastName(expression: Expression): string {
  return /([A-Za-z_$][\w$]*)\W*$/.exec(expression.getText())?.[1] ?? 'items';
}

function lastWord(text: string): string {
  return /([A-Za-z_$][\w$]*)\W*$/.exec(text)?.[1] ?? 'key';
}

function singular(name: string): string {
  return /[^s]s$/.test(name) ? name.slice(0, -1) : name;
}

function capital(name: string): string {
  return (name[0]?.toUpperCase() ?? '') + name.slice(1);
}
