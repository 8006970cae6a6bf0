import type { FixTemplate } from '@selfheal/contracts';
import { type ForOfStatement, type ForStatement, Node, type Statement, SyntaxKind } from 'ts-morph';
import { atEachSite, type Proposal, proposal, type Site } from './causes.ts';
import { dedentBlock, indentAt } from './code-style.ts';
import { concurrencyHelper } from './concurrency-helper.ts';
import { isArrayLike } from './expression-kind.ts';
import { mergedStatements } from './parallel-statements.ts';
import { boundNames, isFunctionNode, ownNodes, usedNames } from './syntax-tree.ts';

/** Requests under way at the same time: enough to hide waiting, few enough not to overrun what is asked. */
const BATCH = 16;
const CATEGORIES = ['sequential-awaits'];

/** Lets the passes of a loop wait side by side, at most so many at once; results keep their order and the first error still fails the call. */
export const parallelAwaits: FixTemplate = {
  name: 'parallel-awaits',
  categories: CATEGORIES,
  prior: 0.66,
  source: 'ESLint no-await-in-loop; anti-patterns of asynchronous JavaScript (Turcotte et al., DrAsync, ICSE 2022)',
  propose: atEachSite(CATEGORIES, (site) => [...loopsAt(site).flatMap((loop) => inParallel(site, loop)), ...mergedStatements(site)]),
};

type Loop = ForOfStatement | ForStatement;

function loopsAt(site: Site): Loop[] {
  const { line, endLine = line } = site.cause.location;
  const loops = site.source.getDescendants().filter((node): node is Loop => Node.isForOfStatement(node) || Node.isForStatement(node));
  const at = loops.filter((loop) => loop.getStartLineNumber() <= endLine && loop.getEndLineNumber() >= line && ownAwaits(loop));
  return at.sort((a, b) => Math.abs(a.getStartLineNumber() - line) - Math.abs(b.getStartLineNumber() - line)).slice(0, 2);
}

function ownAwaits(loop: Loop): boolean {
  return [...ownNodes(loop)].some((node) => Node.isAwaitExpression(node)) && !(Node.isForOfStatement(loop) && loop.isAwaited());
}

/** What one pass of the loop is given, and over what it goes. */
interface Passes {
  readonly item: string;
  readonly collection: string;
  readonly isArray: boolean;
  readonly body: readonly Statement[];
  readonly typeOfItem: string;
}

function inParallel(site: Site, loop: Loop): (Proposal | undefined)[] {
  const passes = passesOf(loop);
  if (!passes || leavesEarly(loop)) return [];
  const collected = collectedBy(loop, passes);
  if (collected) return collecting(site, loop, passes, collected);
  return writesOutside(loop) ? [prefetched(site, loop, passes)] : [running(site, loop, passes), prefetched(site, loop, passes)];
}

function passesOf(loop: Loop): Passes | undefined {
  const statement = loop.getStatement();
  const body = Node.isBlock(statement) ? statement.getStatements() : [statement];
  if (Node.isForOfStatement(loop)) {
    const [declaration] = loop.getInitializer().getDescendantsOfKind(SyntaxKind.VariableDeclaration);
    if (!declaration) return undefined;
    return {
      item: declaration.getNameNode().getText(),
      collection: loop.getExpression().getText(),
      isArray: isArrayLike(loop.getExpression()),
      body,
      typeOfItem: '',
    };
  }
  return indexed(loop, body);
}

/** `for (let i = 0; i < list.length; i++) { const item = list[i]; ... }` */
function indexed(loop: ForStatement, body: readonly Statement[]): Passes | undefined {
  const [, index, list] = /^(\w+)\s*<\s*([\w.]+)\.length$/.exec(loop.getCondition()?.getText() ?? '') ?? [];
  const start = loop.getInitializer()?.getText() ?? '';
  if (
    index === undefined ||
    list === undefined ||
    !new RegExp(`\\b${index}\\s*=\\s*0$`).test(start) ||
    !new RegExp(`^(${index}\\+\\+|\\+\\+${index}|${index} \\+= 1)$`).test(loop.getIncrementor()?.getText() ?? '')
  )
    return undefined;
  const [first, ...rest] = body;
  const [, item] = new RegExp(`^const (\\w+) = ${list.replace(/[.$]/g, '\\$&')}\\[${index}\\];?$`).exec(first?.getText() ?? '') ?? [];
  const usesIndex = rest.some((statement) => usedNames(statement).includes(index));
  return item !== undefined && !usesIndex ? { item, collection: list, isArray: true, body: rest, typeOfItem: '' } : undefined;
}

/** A pass that leaves the loop or the function depends on those before it. */
function leavesEarly(loop: Loop): boolean {
  return [...ownNodes(loop.getStatement())].some(
    (node) => Node.isBreakStatement(node) || Node.isReturnStatement(node) || Node.isYieldExpression(node),
  );
}

/** `list.push(value)` as the last statement, where the list is declared empty right before the loop and used for nothing else in it. */
interface Collected {
  readonly list: string;
  readonly declaration: Statement;
  readonly typed: string;
  readonly value: string;
  readonly push: Statement;
}

function collectedBy(loop: Loop, passes: Passes): Collected | undefined {
  const push = passes.body.at(-1);
  const call = Node.isExpressionStatement(push) ? push.getExpression() : undefined;
  const callee = Node.isCallExpression(call) ? call.getExpression() : undefined;
  if (
    !push ||
    !Node.isCallExpression(call) ||
    !Node.isPropertyAccessExpression(callee) ||
    callee.getName() !== 'push' ||
    call.getArguments().length !== 1
  )
    return undefined;
  const list = callee.getExpression().getText();
  const declaration = loop.getPreviousSibling(
    (node) => Node.isVariableStatement(node) && node.getDeclarations().some((one) => one.getName() === list),
  );
  const only =
    Node.isVariableStatement(declaration) && declaration.getDeclarations().length === 1 ? declaration.getDeclarations()[0] : undefined;
  if (!Node.isVariableStatement(declaration) || !only || !/^(\[\]|new Array(<.*>)?\(\))$/.test(only.getInitializer()?.getText() ?? ''))
    return undefined;
  const others =
    passes.body.slice(0, -1).some((statement) => usedNames(statement).includes(list)) ||
    usedNames(call.getArguments()[0] ?? call).includes(list);
  const skips = [...ownNodes(loop.getStatement())].some((node) => Node.isContinueStatement(node));
  if (others || skips || writesOutside(loop, list)) return undefined;
  const between = loop
    .getParentOrThrow()
    .forEachChildAsArray()
    .some((node) => node.getPos() > declaration.getPos() && node.getEnd() < loop.getPos() && usedNames(node).includes(list));
  if (between) return undefined;
  const typed = only.getTypeNode()?.getText();
  return { list, declaration, typed: typed === undefined ? '' : `: ${typed}`, value: call.getArguments()[0]?.getText() ?? '', push };
}

function collecting(site: Site, loop: Loop, passes: Passes, collected: Collected): (Proposal | undefined)[] {
  const { indent, semicolon: end, newline } = site.style;
  const base = indentAt(site.text, loop.getStart());
  const body = [...passes.body.slice(0, -1).map((statement) => textWithComments(statement)), `return ${collected.value}${end}`];
  const source = passes.isArray ? passes.collection : `[...${passes.collection}]`;
  const [, promise] =
    body.length === 1 && !/\n/.test(body[0] ?? '') ? (/^return await ((?:(?!\bawait\b).)*?);?$/.exec(body[0] ?? '') ?? []) : [];
  const mapped = (from: string, depth: string) =>
    promise !== undefined
      ? `${from}.map((${passes.item}) => ${promise})`
      : `${from}.map(async (${passes.item}) => {${newline}${lines(body, depth + indent, newline)}${depth}})`;
  const about = (how: string) => ({
    title: `Let the passes over ${passes.collection} wait side by side`,
    rationale: `No pass needs the result of another. ${how} Results keep the order of \`${passes.collection}\`; a failing pass fails the call as before.`,
  });
  const declaration = collected.declaration;
  const whole = { start: declaration.getStart(), end: loop.getEnd() };
  const between = site.text.slice(declaration.getEnd(), loop.getStart());
  const simple = between.trim() === '';
  const proposals: (Proposal | undefined)[] = [];
  const helper = concurrencyHelper(site);
  if (helper && simple) {
    const limited = `${source}.map((${passes.item}) => limit(async () => {${newline}${lines(body, `${base}${indent}${indent}`, newline)}${base}${indent}}))`;
    const text = `const limit = ${helper.call}(${BATCH})${end}${newline}${base}const ${collected.list}${collected.typed} = await Promise.all(${newline}${base}${indent}${limited},${newline}${base})${end}`;
    proposals.push(
      proposal(site, loop, [...helper.changes, { ...whole, text }], {
        ...about(`At most ${BATCH} run at once, by ${helper.module}.`),
        naturalness: 0.95,
      }),
    );
  }
  const chunked = [
    `const batchSize = ${BATCH}${end}`,
    `for (let start = 0; start < ${passes.isArray ? `${source}.length` : 'all.length'}; start += batchSize) {`,
    `${indent}const batch = ${passes.isArray ? source : 'all'}.slice(start, start + batchSize)${end}`,
    `${indent}const values = await Promise.all(${newline}${base}${indent}${indent}${mapped('batch', `${base}${indent}${indent}`)},${newline}${base}${indent})${end}`,
    `${indent}${collected.list}.push(...values)${end}`,
    '}',
  ];
  const all = passes.isArray ? [] : [`const all = ${source}${end}`];
  const text = [...all, ...chunked].join(`${newline}${base}`);
  proposals.push(
    proposal(site, loop, [{ start: loop.getStart(), end: loop.getEnd(), text }], {
      ...about(`At most ${BATCH} run at once.`),
      naturalness: 0.9,
    }),
  );
  if (simple) {
    const plain = `const ${collected.list}${collected.typed} = await Promise.all(${newline}${base}${indent}${mapped(source, `${base}${indent}`)},${newline}${base})${end}`;
    proposals.push(
      proposal(site, loop, [{ ...whole, text: plain }], {
        ...about('All run at once.'),
        naturalness: isShortList(site, passes) ? 0.95 : 0.75,
      }),
    );
  }
  return proposals;
}

/** Passes that only do something: run in batches. */
function running(site: Site, loop: Loop, passes: Passes): Proposal | undefined {
  const { indent, semicolon: end, newline } = site.style;
  const base = indentAt(site.text, loop.getStart());
  const inner = base + indent;
  const body = passes.body
    .map((statement) => textWithComments(statement))
    .map((statement) => statement.replace(/^continue;?$/gm, `return${end}`));
  if (
    [...ownNodes(loop.getStatement())].some(
      (node) =>
        Node.isContinueStatement(node) &&
        node.getFirstAncestor(isFunctionNode) === loop.getFirstAncestor(isFunctionNode) &&
        !body.join('\n').includes('return'),
    )
  )
    return undefined;
  const source = passes.isArray ? passes.collection : 'all';
  const text = [
    ...(passes.isArray ? [] : [`const all = [...${passes.collection}]${end}`]),
    `const batchSize = ${BATCH}${end}`,
    `for (let start = 0; start < ${source}.length; start += batchSize) {`,
    `${indent}const batch = ${source}.slice(start, start + batchSize)${end}`,
    `${indent}await Promise.all(${newline}${inner}${indent}batch.map(async (${passes.item}) => {${newline}${lines(body, inner + indent + indent, newline)}${inner}${indent}}),${newline}${inner})${end}`,
    '}',
  ].join(`${newline}${base}`);
  return proposal(site, loop, [{ start: loop.getStart(), end: loop.getEnd(), text }], {
    title: `Let the passes over ${passes.collection} run side by side`,
    rationale: `No pass needs another; at most ${BATCH} run at once, and a failing pass fails the call as before.`,
    naturalness: 0.7,
  });
}

/** The first awaited value of each pass is asked for beforehand; the loop itself goes on in order. */
function prefetched(site: Site, loop: Loop, passes: Passes): Proposal | undefined {
  const [first] = passes.body.flatMap((statement) => [...ownNodes(statement)].filter((node) => Node.isAwaitExpression(node)));
  if (!first || !Node.isAwaitExpression(first) || !Node.isForOfStatement(loop)) return undefined;
  const own = new Set(
    passes.body.flatMap((statement) =>
      Node.isVariableStatement(statement) ? statement.getDeclarations().flatMap((one) => boundNames(one.getNameNode())) : [],
    ),
  );
  if (
    usedNames(first.getExpression()).some((name) => own.has(name)) ||
    first.getFirstAncestor((node) => Node.isIfStatement(node) || node === loop) !== loop
  )
    return undefined;
  const { indent, semicolon: end, newline } = site.style;
  const base = indentAt(site.text, loop.getStart());
  const source = passes.isArray ? passes.collection : 'all';
  const before = [
    ...(passes.isArray ? [] : [`const all = [...${passes.collection}]${end}`]),
    `const batchSize = ${BATCH}${end}`,
    `const values = []${end}`,
    `for (let start = 0; start < ${source}.length; start += batchSize) {`,
    `${indent}const batch = ${source}.slice(start, start + batchSize)${end}`,
    `${indent}values.push(...(await Promise.all(batch.map((${passes.item}) => ${first.getExpression().getText()}))))${end}`,
    '}',
    '',
  ].join(`${newline}${base}`);
  const [declaration] = loop.getInitializer().getDescendantsOfKind(SyntaxKind.VariableDeclaration);
  if (!declaration) return undefined;
  const changes = [
    { start: loop.getStart(), end: loop.getStart(), text: before },
    { start: declaration.getNameNode().getStart(), end: declaration.getNameNode().getEnd(), text: `[index, ${passes.item}]` },
    { start: loop.getExpression().getStart(), end: loop.getExpression().getEnd(), text: `${source}.entries()` },
    { start: first.getStart(), end: first.getEnd(), text: 'values[index]' },
  ];
  return proposal(site, loop, changes, {
    title: `Ask for the values of ${passes.collection} beforehand, side by side`,
    rationale: `The loop keeps its order; what it waits for is asked at most ${BATCH} at once before it.`,
    naturalness: 0.6,
  });
}

/** Whether the loop assigns to variables from outside of it, so that a pass may depend on the one before. */
function writesOutside(loop: Loop, except = ''): boolean {
  const inside = new Set([...ownNodes(loop)].flatMap((node) => (Node.isVariableDeclaration(node) ? boundNames(node.getNameNode()) : [])));
  return [...ownNodes(loop.getStatement())].some((node) => {
    const target = assignedTo(node);
    return target !== undefined && target !== except && !inside.has(target);
  });
}

function assignedTo(node: Node): string | undefined {
  if (Node.isBinaryExpression(node) && /^([-+*/%&|^]|\*\*|\?\?|&&|\|\|)?=$/.test(node.getOperatorToken().getText()))
    return /^[\w$]+/.exec(node.getLeft().getText())?.[0];
  if (Node.isPostfixUnaryExpression(node) || (Node.isPrefixUnaryExpression(node) && /^(\+\+|--)/.test(node.getText())))
    return /[\w$]+/.exec(node.getOperand().getText())?.[0];
  return undefined;
}

function isShortList(site: Site, passes: Passes): boolean {
  return new RegExp(`const ${passes.collection.replace(/[^\w]/g, '.')} = \\[`).test(site.text);
}

function textWithComments(statement: Statement): string {
  const comments = statement.getLeadingCommentRanges().map((range) => range.getText());
  return dedentBlock([...comments, statement.getText()].join('\n'), statement);
}

function lines(statements: readonly string[], indent: string, newline: string): string {
  return statements
    .flatMap((statement) => statement.split(/\r?\n/))
    .map((line) => (line === '' ? newline : `${indent}${line}${newline}`))
    .join('');
}
