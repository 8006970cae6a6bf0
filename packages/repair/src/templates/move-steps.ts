import type { FixTemplate } from '@selfheal/contracts';
import { Node } from 'ts-morph';
import { atEachSite, type Proposal, proposal, type Site, textList, textValue } from './causes.ts';
import { reorderDocument } from './reorder-document.ts';
import { asOneChange } from './rewrite-span.ts';
import { type Chunk, chunksOf, dependsOn, moveChunks, rewriteList } from './statement-list.ts';
import { isInOrder, overtaken, wantedPlace } from './step-order.ts';
import { callSitesOf, stepListOf, stepTableOf } from './step-sites.ts';

const CATEGORIES = ['declared-order-violated'];
const inCode = atEachSite(CATEGORIES, (site) => [...statementMoves(site), ...tableMoves(site)]);

/**
 * Moves a misplaced step to where it belongs, together with the statements that it needs and the guards that look at its result; or the
 * steps that it overtook. Also entries of a table of steps, and the beats of the document that declares the flow.
 */
export const moveSteps: FixTemplate = {
  name: 'move-steps',
  categories: CATEGORIES,
  prior: 0.6,
  source: 'Statement movement, the repair of order violations (Lu et al., "Learning from Mistakes", ASPLOS 2008; move operator of GenProg)',
  propose: (context) => [...inCode(context), ...reorderDocument(context, CATEGORIES)],
};

interface Line extends Chunk {
  readonly step: string | undefined;
}

function statementMoves(site: Site): (Proposal | undefined)[] {
  const declared = textList(site.data.declared);
  const sites = callSitesOf(site.data);
  const moved = movedOf(site);
  const list = moved.length === 0 ? undefined : stepListOf(site, sites, [...moved, ...partners(sites, moved, declared)]);
  const chunks = list && chunksOf(list.statements, site.text);
  if (!list || !chunks) return [];
  const lines: Line[] = chunks.map((chunk, index) => ({ ...chunk, step: list.steps.get(index) }));
  const others = [...new Set(moved.flatMap((step) => overtaken(lines, step, declared)))];
  const ways = [
    { steps: moved, together: true, naturalness: 0.95 },
    { steps: others, together: true, naturalness: 0.85 },
    { steps: others.toReversed(), together: true, naturalness: 0.8 },
    { steps: moved, together: false, naturalness: 0.6 },
  ];
  return ways.map(({ steps, together, naturalness }) => {
    const after = steps.reduce<Line[] | undefined>((now, step) => now && place(now, step, declared, together), lines);
    if (!after || steps.length === 0 || !isInOrder(after, declared) || !keepsNeeds(lines, after)) return undefined;
    return proposal(site, nodeOf(lines, steps[0]) ?? site.source, rewriteList(chunks, after), {
      ...about(site, steps, declared),
      naturalness,
    });
  });
}

function about(site: Site, steps: readonly string[], declared: readonly string[]): { title: string; rationale: string } {
  const named = steps.map((step) => `\`${step}\``).join(', ');
  const before = declared[declared.indexOf(steps[0] ?? '') - 1];
  const flow = textValue(site.data.flow) ?? 'the flow';
  return {
    title: `Run ${steps.join(', ')} ${before === undefined ? 'first' : `right after ${before}`}, as ${flow} declares`,
    rationale: `Production ran ${textList(site.data.seen).join(', ')}; ${flow} expects ${declared.join(', ')}. Moving ${named} gives that order, and each statement still has what it uses.`,
  };
}

function movedOf(site: Site): string[] {
  const all = textList(site.data.movedAll);
  const one = textValue(site.data.moved);
  return all.length > 0 ? all : one === undefined ? [] : [one];
}

/** A step that the moved ones are out of order with: the block must hold it as well. */
function partners(sites: readonly { step: string }[], moved: readonly string[], declared: readonly string[]): string[] {
  const [first] = moved;
  const other = first === undefined ? undefined : overtaken(sites, first, declared).find((step) => !moved.includes(step));
  return other === undefined ? [] : [other];
}

/** The lines with one step where it belongs; what it needs, or what needs it, moves along. Undefined where that cannot be. */
function place(lines: readonly Line[], step: string, declared: readonly string[], together: boolean): Line[] | undefined {
  const wanted = wantedPlace(lines, step, declared);
  if (!wanted) return [...lines];
  const { side } = wanted;
  const at = lines.findIndex((line) => line.step === step);
  const group = new Set(together ? withFollowers(lines, at) : [at]);
  const anchor = side === 'after' && together ? Math.max(...withFollowers(lines, wanted.anchor)) : wanted.anchor;
  const between = side === 'after' ? range(at + 1, anchor) : range(anchor, at - 1).reverse();
  for (const index of between) {
    const joins = [...group].some((member) => (side === 'after' ? depends(lines, index, member) : depends(lines, member, index)));
    if (!joins || group.has(index)) continue;
    if (lines[index]?.step !== undefined || index === anchor) return undefined;
    group.add(index);
  }
  const indexes = [...group].sort((a, b) => a - b);
  const steps = new Map(lines.map((line) => [line.statement, line.step]));
  return moveChunks(lines, indexes, anchor, side).map((chunk) => ({ ...chunk, step: steps.get(chunk.statement) }));
}

/** Whatever stood behind what it depends on still does. */
function keepsNeeds(before: readonly Line[], after: readonly Line[]): boolean {
  const rank = new Map(after.map((line, index) => [line.statement, index]));
  const at = (line: Line) => rank.get(line.statement) ?? 0;
  return before.every((later, index) =>
    before.slice(0, index).every((earlier) => at(earlier) < at(later) || !dependsOn(later.statement, earlier.statement)),
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset);
}

/** A step with the guards and uses right behind it that look at its result: `if (!reservation) throw ...`. */
function withFollowers(lines: readonly Line[], step: number): number[] {
  const group = [step];
  for (let next = step + 1; isFollower(lines, next, step); next += 1) group.push(next);
  return group;
}

function isFollower(lines: readonly Line[], index: number, step: number): boolean {
  const line = lines[index];
  return line !== undefined && line.step === undefined && !Node.isReturnStatement(line.statement) && depends(lines, index, step);
}

function depends(lines: readonly Line[], later: number, earlier: number): boolean {
  const [a, b] = [lines[later]?.statement, lines[earlier]?.statement];
  return a !== undefined && b !== undefined && dependsOn(a, b);
}

function nodeOf(lines: readonly Line[], step: string | undefined): Node | undefined {
  return lines.find((line) => line.step === step)?.statement;
}

/** Entries change places; commas and line breaks stay. */
function tableMoves(site: Site): (Proposal | undefined)[] {
  const declared = textList(site.data.declared);
  const moved = movedOf(site);
  const found = moved.length === 0 ? undefined : stepTableOf(site, callSitesOf(site.data), moved);
  if (!found) return [];
  const entries = found.table.getElements();
  const slots = found.steps.flatMap((step, index) => (step !== undefined && declared.includes(step) ? [index] : []));
  const sorted = slots.toSorted((a, b) => declared.indexOf(found.steps[a] ?? '') - declared.indexOf(found.steps[b] ?? ''));
  const changes = slots.flatMap((slot, rank) => {
    const [here, there] = [entries[slot], entries[sorted[rank] ?? slot]];
    return here && there ? [{ start: here.getStart(), end: here.getEnd(), text: there.getText() }] : [];
  });
  return [proposal(site, found.table, asOneChange(site.text, changes), { ...about(site, moved, declared), naturalness: 0.9 })];
}
