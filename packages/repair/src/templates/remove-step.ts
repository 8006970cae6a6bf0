import type { FixTemplate } from '@selfheal/contracts';
import { Node, type Statement } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { atEachSite, because, nodesAt, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { chunksOf, declaredNames, removeChunks, rewriteList } from './statement-list.ts';
import { statementAround, usedNames } from './syntax-tree.ts';

const CATEGORIES = ['extra-step'];

/** Takes out a step that runs once too often, or that nothing declares; its result must not be used. */
export const removeStep: FixTemplate = {
  name: 'remove-step',
  categories: CATEGORIES,
  prior: 0.5,
  source: 'Statement deletion (GenProg, Le Goues et al., TSE 2012): the most frequent single edit of search-based repair',
  propose: atEachSite(CATEGORIES, (site) => [removedEntry(site) ?? removedStatement(site), movedOutOfLoop(site)]),
};

function removedStatement(site: Site): Proposal | undefined {
  if (site.data.looped === true) return undefined;
  const statement = stepStatement(site);
  const changes = statement && withoutStatement(statement, site.text);
  return statement && changes && proposal(site, statement, changes, about(site, 0.9));
}

/** The changes that take a statement out of its list; undefined where a later one uses what it declares. */
export function withoutStatement(statement: Statement, text: string): Change[] | undefined {
  const list =
    statement
      .getParent()
      ?.forEachChildAsArray()
      .filter((node): node is Statement => Node.isStatement(node)) ?? [];
  const chunks = chunksOf(list, text);
  const at = list.indexOf(statement);
  const made = new Set(declaredNames(statement));
  const isUsed = list.slice(at + 1).some((later) => usedNames(later).some((name) => made.has(name)));
  return !chunks || at < 0 || isUsed ? undefined : rewriteList(chunks, removeChunks(chunks, [at]));
}

/** The statement that the diagnosis names. */
export function stepStatement(site: Site): Statement | undefined {
  const [node] = nodesAt(site, Node.isStatement);
  return node && statementAround(node);
}

/** An entry of a list of steps. */
function removedEntry(site: Site): Proposal | undefined {
  const { line, endLine = line } = site.cause.location;
  const step = textValue(site.data.step);
  const lists = site.source.getDescendants().filter(Node.isArrayLiteralExpression);
  for (const list of lists) {
    const entries = list.getElements();
    const named = entries.filter((entry) => {
      const isThere = entry.getStartLineNumber() >= line && entry.getEndLineNumber() <= endLine;
      return isThere && (entry.getText() === site.cause.expression || entry.getText().replace(/['"`]/g, '') === step);
    });
    const entry = named.at(-1);
    if (!entry || entries.length < 2) continue;
    const at = entries.indexOf(entry);
    const [before, after] = [entries[at - 1], entries[at + 1]];
    const [start, end] = before ? [before.getEnd(), entry.getEnd()] : [entry.getStart(), after?.getStart() ?? entry.getEnd()];
    return proposal(site, entry, [{ start, end, text: '' }], about(site, 0.85));
  }
  return undefined;
}

/** A step that runs for each item and should run once: its statement moves behind the loop, where it uses nothing of it. */
function movedOutOfLoop(site: Site): Proposal | undefined {
  const statement = site.data.looped === true ? stepStatement(site) : undefined;
  const loop = statement?.getFirstAncestor(
    (node) => Node.isForOfStatement(node) || Node.isForStatement(node) || Node.isWhileStatement(node) || Node.isForInStatement(node),
  );
  if (!statement || !loop || !Node.isStatement(loop)) return undefined;
  const inLoop = new Set(loop.getDescendants().flatMap((node) => (Node.isVariableDeclaration(node) ? [node.getName()] : [])));
  if (usedNames(statement).some((name) => inLoop.has(name)) || declaredNames(statement).length > 0) return undefined;
  const taken = withoutStatement(statement, site.text);
  const depth = /^[ \t]*/.exec(site.text.slice(site.text.lastIndexOf('\n', loop.getStart() - 1) + 1))?.[0] ?? '';
  const put = { start: loop.getEnd(), end: loop.getEnd(), text: `${site.style.newline}${depth}${statement.getText()}` };
  return taken && proposal(site, statement, [...taken, put], about(site, 0.7));
}

function about(site: Site, naturalness: number): { title: string; rationale: string; naturalness: number } {
  const step = textValue(site.data.step) ?? 'the step';
  const flow = textValue(site.data.flow) ?? 'the flow';
  return {
    title: `Run ${step} no more often than ${flow} declares`,
    rationale: because(site, `\`${step}\` runs more often than ${flow} declares`),
    naturalness,
  };
}
