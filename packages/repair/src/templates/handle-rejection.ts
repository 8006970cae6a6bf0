import type { FixTemplate } from '@selfheal/contracts';
import { type CallExpression, Node } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, proposal, type Site } from './causes.ts';
import { functionAround, isInScope } from './syntax-tree.ts';

const CATEGORIES = ['unhandled-rejection', 'missing-await'];

/** Gives a promise that nobody waits for someone who does, or a handler for its failure. */
export const handleRejection: FixTemplate = {
  name: 'handle-rejection',
  categories: CATEGORIES,
  prior: 0.5,
  source: 'typescript-eslint no-floating-promises: await, return, or catch',
  propose: atEachSite(CATEGORIES, (site) => floating(site).flatMap((call) => [logged(site, call), ...returned(site, call)])),
};

function floating(site: Site): CallExpression[] {
  return nodesAt(site, (node): node is CallExpression => Node.isCallExpression(node) && Node.isExpressionStatement(node.getParent())).slice(
    0,
    2,
  );
}

/** Work in the background that must not take the process down. */
function logged(site: Site, call: CallExpression): Proposal | undefined {
  const { quote: q } = site.style;
  const logger = ['log', 'logger'].find((name) => isInScope(name, call)) ?? requestLog(site, call);
  const name = call.getExpression().getText().split('.').at(-1) ?? 'it';
  const handler =
    logger === undefined
      ? `(error) => console.error(${q}${name} failed${q}, error)`
      : `(error) => ${logger}.error(error, ${q}${name} failed${q})`;
  return proposal(site, call, [{ start: call.getEnd(), end: call.getEnd(), text: `.catch(${handler})` }], {
    title: `Log where ${name} fails`,
    rationale: `Nobody waits for \`${call.getText().slice(0, 60)}\`, so its failure would end the process; now it is logged.`,
    naturalness: 0.7,
  });
}

function requestLog(site: Site, call: CallExpression): string | undefined {
  return ['request', 'req'].find((name) => isInScope(name, call) && site.text.includes(`${name}.log`))?.concat('.log');
}

/** The last statement of a function may hand the promise on to the caller. */
function returned(site: Site, call: CallExpression): Proposal[] {
  const fn = functionAround(call);
  const statement = call.getParent();
  if (!fn || !statement || !Node.isExpressionStatement(statement) || statement.getNextSibling() !== undefined) return [];
  return [
    proposal(site, call, [{ start: call.getStart(), end: call.getStart(), text: 'return ' }], {
      title: `Return ${call.getText().slice(0, 40)}`,
      rationale: 'The caller can then wait for the promise and sees its failure.',
      naturalness: 0.45,
    }),
  ];
}
