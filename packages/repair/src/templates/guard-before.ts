import type { Node } from 'ts-morph';
import { asSentence } from './as-sentence.ts';
import { type Proposal, proposal, type Site } from './causes.ts';
import { guardStatement, indentAt } from './code-style.ts';
import { failureConvention } from './failure-convention.ts';
import { type Exit, leaving } from './return-values.ts';
import { statementAround } from './syntax-tree.ts';

const EXITS_TRIED = 3;

/** Proposals that leave the function by its own convention where `condition` holds, right before the statement of a node. */
export function guardsBefore(
  site: Site,
  node: Node,
  condition: string,
  about: { title: string; rationale: string; factor: number },
): Proposal[] {
  const statement = statementAround(node);
  if (!statement) return [];
  const at = site.text.lastIndexOf('\n', statement.getStart() - 1) + 1;
  const indent = indentAt(site.text, statement.getStart());
  return exitsAt(site, node).map((exit) =>
    proposal(site, node, [{ start: at, end: at, text: guardStatement(condition, exit.statements, indent, site.style) }], {
      title: about.title,
      rationale: `${about.rationale} ${asSentence(leaving(exit))}`,
      naturalness: exit.weight * about.factor,
    }),
  );
}

export function exitsAt(site: Site, node: Node): Exit[] {
  return failureConvention(node, site.style).slice(0, EXITS_TRIED);
}
