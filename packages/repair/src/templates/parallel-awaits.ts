import type { FixTemplate } from '@selfheal/contracts';
import { Node, type Statement, SyntaxKind } from 'ts-morph';
import { atEachSite, type Proposal, proposal, type Site } from './causes.ts';
import { dedentBlock, indentAt } from './code-style.ts';
import { concurrencyHelper } from './concurrency-helper.ts';
import { type Collected, collectedBy, type Loop, leavesEarly, ownAwaits, type Passes, passesOf, writesOutside } from './loop-passes.ts';
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

function loopsAt(site: Site): Loop[] {
  const { line, endLine = line } = site.cause.location;
  const loops = site.source.getDescendants().filter((node): node is Loop => Node.isForOfStatement(node) || Node.isForStatement(node));
  const at = loops.filter((loop) => loop.getStartLineNumber() <= endLine && loop.getEndLineNumber() >= line && ownAwaits(loop));
  return at.sort((a, b) => Math.abs(a.getStartLineNumber() - line) - Math.abs(b.getStartLineNumber() - line)).slice(0, 2);
}

function inParallel(site: Site, loop: Loop): (Proposal | undefined)[] {
  const passes = passesOf(loop);
  if (!passes || leavesEarly(loop)) return [];
  const collected = collectedBy(loop, passes);
  if (collected) return collecting(site, loop, passes, collected);
  return writesOutside(loop) ? [prefetched(site, loop, passes)] : [running(site, loop, passes), prefetched(site, loop, passes)];
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
    rationale: `No pass needs the result of another; at most ${BATCH} run at once, and a failing pass fails the call as before.`,
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
    rationale: `The loop keeps its order; what it waits for is asked for beforehand, at most ${BATCH} values at once.`,
    naturalness: 0.6,
  });
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
