import type { FixTemplate } from '@selfheal/contracts';
import { Node } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, type Site } from './causes.ts';
import { guardsBefore } from './guard-before.ts';

const CATEGORIES = ['invalid-date'];
const PRINTS = /^(toISOString|toJSON|format|formatToParts|formatRange)$/;

/** Leaves where a date is not valid: `Number.isNaN(date.getTime())`. */
export const checkDate: FixTemplate = {
  name: 'check-date',
  categories: CATEGORIES,
  prior: 0.58,
  source: 'RangeError "Invalid time value" of Date.prototype.toISOString (ECMA-262 21.4.4.36)',
  propose: atEachSite(CATEGORIES, (site) => datesAt(site).flatMap((date) => checks(site, date))),
};

function datesAt(site: Site): Node[] {
  const accesses = nodesAt(
    site,
    (node): node is Node =>
      Node.isCallExpression(node) &&
      Node.isPropertyAccessExpression(node.getExpression()) &&
      PRINTS.test(node.getExpression().getText().split('.').at(-1) ?? ''),
  );
  return accesses.flatMap((call) => {
    const callee = Node.isCallExpression(call) ? call.getExpression() : undefined;
    if (!Node.isCallExpression(call) || !Node.isPropertyAccessExpression(callee)) return [];
    return callee.getName().startsWith('format') ? call.getArguments().slice(0, 1) : [callee.getExpression()];
  });
}

function checks(site: Site, date: Node): Proposal[] {
  const text = date.getText();
  // The time of a plain name is asked twice; a date made in place is made again for the check, which costs next to nothing.
  const condition = `Number.isNaN(${Node.isNewExpression(date) ? `(${text})` : text}.getTime())`;
  return guardsBefore(site, date, Node.isNewExpression(date) ? `Number.isNaN(${text}.getTime())` : condition, {
    title: `Leave where ${text.slice(0, 50)} is no valid date`,
    rationale: `\`${text.slice(0, 80)}\` may be an invalid date, and printing such a date throws.`,
    factor: 1,
  });
}
