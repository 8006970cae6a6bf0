import type { Json } from '@selfheal/contracts';
import { type ArrayLiteralExpression, Node, type Statement } from 'ts-morph';
import type { Site } from './causes.ts';

/** A place that runs a step, as the diagnosis tells it. Lines from 1. */
export interface CallSite {
  readonly step: string;
  readonly line: number;
  readonly endLine: number;
  /** The statement or entry as it stands in the code. */
  readonly text: string;
}

export function callSitesOf(data: Readonly<Record<string, Json>>): CallSite[] {
  const sites = Array.isArray(data.callSites) ? data.callSites : [];
  return sites.flatMap((site) => {
    if (typeof site !== 'object' || site === null || Array.isArray(site)) return [];
    const { step, line, endLine = line, text } = site;
    return typeof step === 'string' && typeof line === 'number' && typeof endLine === 'number'
      ? [{ step, line, endLine, text: typeof text === 'string' ? text : '' }]
      : [];
  });
}

/** Statements of one block with the steps that they (or what is nested in them) run. */
export interface StepList {
  readonly statements: readonly Statement[];
  /** By position in `statements`. */
  readonly steps: ReadonlyMap<number, string>;
}

/** The innermost block that holds all the steps concerned. */
export function stepListOf(site: Site, sites: readonly CallSite[], concerned: readonly string[]): StepList | undefined {
  const blocks = site.source.getDescendants().filter((node) => Node.isBlock(node) || Node.isCaseClause(node));
  const lists = [...blocks.map((block) => block.getStatements()), site.source.getStatements()].flatMap((statements) => {
    const steps = stepsOf(statements, sites);
    const found = new Set(steps.values());
    return concerned.every((step) => found.has(step)) ? [{ statements, steps }] : [];
  });
  return lists.sort((a, b) => extent(a.statements) - extent(b.statements))[0];
}

function stepsOf(statements: readonly Statement[], sites: readonly CallSite[]): Map<number, string> {
  const steps = new Map<number, string>();
  for (const [index, statement] of statements.entries()) {
    const from = statement.getStartLineNumber();
    const to = statement.getEndLineNumber();
    const here = new Set(sites.filter((one) => one.line >= from && one.endLine <= to).map((one) => one.step));
    const [only] = here;
    if (only !== undefined && here.size === 1) steps.set(index, only);
  }
  return steps;
}

function extent(statements: readonly Statement[]): number {
  return (statements.at(-1)?.getEnd() ?? 0) - (statements[0]?.getStart() ?? 0);
}

/** The list of steps in code, e.g. `['validate', 'charge']`, with the step that each entry names. */
export function stepTableOf(
  site: Site,
  sites: readonly CallSite[],
  concerned: readonly string[],
): { table: ArrayLiteralExpression; steps: (string | undefined)[] } | undefined {
  const tables = site.source.getDescendants().filter((node) => Node.isArrayLiteralExpression(node));
  for (const table of tables) {
    const steps = table.getElements().map((entry) => {
      const on = sites.filter((one) => one.line >= entry.getStartLineNumber() && one.endLine <= entry.getEndLineNumber());
      const named = on.filter((one) => squeezed(one.text) === squeezed(entry.getText()));
      return (named[0] ?? (on.length === 1 ? on[0] : undefined))?.step;
    });
    if (concerned.every((step) => steps.includes(step)) && !table.getParent()?.getText().startsWith('Promise.')) return { table, steps };
  }
  return undefined;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}
