import type { FixTemplate, FunctionInfo } from '@selfheal/contracts';
import { type Block, type Expression, Node, type Statement } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { atEachSite, because, nodesAt, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { indentAt } from './code-style.ts';
import { stepStatement, withoutStatement } from './remove-step.ts';
import { rewrittenSpan } from './rewrite-span.ts';
import { isInScope } from './syntax-tree.ts';

const CATEGORIES = ['missing-step'];

/** Adds the call of a declared step as its neighbours are called, or takes away the condition that keeps it from running. */
export const insertStep: FixTemplate = {
  name: 'insert-step',
  categories: CATEGORIES,
  prior: 0.35,
  source: 'Missing method calls (Monperrus and Mezini, "Detecting Missing Method Calls as Violations of the Majority Rule", TOSEM 2013)',
  propose: atEachSite(CATEGORIES, (site) => (site.data.called === true ? unconditional(site) : [insertedCall(site), insertedEntry(site)])),
};

function insertedCall(site: Site): Proposal | undefined {
  const neighbour = stepStatement(site);
  const code = neighbour && callLike(site, neighbour);
  if (!neighbour || code === undefined) return undefined;
  const depth = indentAt(site.text, neighbour.getStart());
  const isAfter = textValue(site.data.after) !== undefined;
  const at = isAfter ? neighbour.getEnd() : neighbour.getStart();
  const text = isAfter ? `${site.style.newline}${depth}${code}` : `${code}${site.style.newline}${depth}`;
  return proposal(site, neighbour, [{ start: at, end: at, text }], about(site, handlerOf(site) ?? 'the step', 0.8));
}

/** The neighbour's statement with the missing step's names and arguments; undefined where an argument is not to be had there. */
function callLike(site: Site, neighbour: Statement): string | undefined {
  const expression = expressionOf(neighbour);
  if (!expression) return undefined;
  const changes: Change[] = [];
  for (const node of [expression, ...expression.getDescendants()]) {
    const renamed = Node.isStringLiteral(node) ? renamedStep(site, node.getLiteralText()) : undefined;
    if (renamed !== undefined) changes.push({ start: node.getStart() + 1, end: node.getEnd() - 1, text: renamed });
    const call = Node.isCallExpression(node) ? node : undefined;
    const callee = call?.getExpression();
    const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
    const handler = name && Node.isIdentifier(name) ? renamedStep(site, name.getText()) : undefined;
    if (!call || !name || handler === undefined) continue;
    const fn = functionNamed(site, handler);
    const args = fn?.params.filter((param) => !param.optional).map((param) => valueFor(param.name, neighbour));
    if (!args || args.some((arg) => arg === undefined)) return undefined;
    changes.push({ start: name.getStart(), end: call.getEnd(), text: `${handler}(${args.join(', ')})` });
  }
  return changes.length === 0
    ? undefined
    : rewrittenSpan(site.text, { start: expression.getStart(), end: expression.getEnd() }, changes) + site.style.semicolon;
}

function expressionOf(statement: Statement): Expression | undefined {
  if (Node.isExpressionStatement(statement)) return statement.getExpression();
  return Node.isVariableStatement(statement) ? statement.getDeclarations()[0]?.getInitializer() : undefined;
}

/** The missing step's name of the same kind (event or handler) as a name of the neighbour's; undefined for any other name. */
function renamedStep(site: Site, name: string): string | undefined {
  const steps = site.context.codebase.flows.flatMap((flow) => flow.steps);
  const of = (step: string | undefined) => steps.find((one) => one.event === step || one.handler === step);
  const [here, missing] = [textValue(site.data.after) ?? textValue(site.data.before), textValue(site.data.step)];
  if (of(here)?.event === name) return of(missing)?.event ?? missing;
  return name === neighbourStep(site) || name === here ? handlerOf(site) : undefined;
}

/** A name in scope, or a member of something in scope that is called so. */
function valueFor(name: string, at: Statement): string | undefined {
  // What the neighbour itself declares can be used behind it.
  const own = Node.isVariableStatement(at) && at.getDeclarations().some((one) => one.getName() === name);
  if (own || isInScope(name, at)) return name;
  const block = at.getFirstAncestor((node): node is Block => Node.isBlock(node));
  const read = new RegExp(`\\b([A-Za-z_$][\\w$]*\\.${escaped(name)})\\b`).exec(block?.getText() ?? '')?.[1];
  return read !== undefined && isInScope(read.split('.')[0] ?? '', at) ? read : undefined;
}

/** `['validate', 'charge']` gets the entry beside its neighbour. */
function insertedEntry(site: Site): Proposal | undefined {
  const { line, endLine = line } = site.cause.location;
  const step = handlerOf(site);
  const isAfter = textValue(site.data.after) !== undefined;
  const wanted = [site.cause.expression, neighbourStep(site)];
  const lists = site.source.getDescendants().filter(Node.isArrayLiteralExpression);
  const entry = lists
    .flatMap((list) => list.getElements())
    .find(
      (one) =>
        one.getStartLineNumber() >= line &&
        one.getEndLineNumber() <= endLine &&
        (wanted.includes(one.getText()) || wanted.includes(one.getText().replace(/['"`]/g, ''))),
    );
  if (!entry || step === undefined || !(Node.isStringLiteral(entry) || Node.isIdentifier(entry))) return undefined;
  if (Node.isIdentifier(entry) && !isInScope(step, entry)) return undefined;
  const code = Node.isIdentifier(entry) ? step : entry.getText()[0] + step + entry.getText()[0];
  const [start, text] = isAfter ? [entry.getEnd(), `, ${code}`] : [entry.getStart(), `${code}, `];
  return proposal(site, entry, [{ start, end: start, text }], about(site, step, 0.85));
}

/** The condition goes, what it guarded stays. */
function unconditional(site: Site): (Proposal | undefined)[] {
  return nodesAt(site, Node.isExpression).flatMap((condition) => {
    const choice = condition.getParent();
    if (!Node.isIfStatement(choice) || choice.getExpression() !== condition || choice.getElseStatement()) return [];
    const body = choice.getThenStatement();
    const what = about(site, handlerOf(site) ?? 'the step', 0.4);
    if (/^(\{\s*)?(return|break|continue)\b/.test(body.getText())) {
      const removed = withoutStatement(choice, site.text);
      return removed ? [proposal(site, choice, removed, { ...what, naturalness: 0.25 })] : [];
    }
    const depth = indentAt(site.text, choice.getStart());
    const inner = Node.isBlock(body)
      ? body
          .getStatements()
          .map((one) => one.getText())
          .join(`${site.style.newline}${depth}`)
      : body.getText();
    return [
      proposal(
        site,
        choice,
        [{ start: choice.getStart(), end: choice.getEnd(), text: inner }],
        about(site, handlerOf(site) ?? 'the step', 0.4),
      ),
    ];
  });
}

function handlerOf(site: Site): string | undefined {
  return textValue(site.data.handler) ?? lastPart(textValue(site.data.step));
}

/** What the neighbour is called in the code: the handler of the step that stands beside the missing one. */
function neighbourStep(site: Site): string | undefined {
  const step = textValue(site.data.after) ?? textValue(site.data.before);
  const declared = site.context.codebase.flows.flatMap((flow) => flow.steps).find((one) => one.event === step || one.handler === step);
  return declared?.handler ?? lastPart(step);
}

function lastPart(step: string | undefined): string | undefined {
  return step?.split(/[.:/]/).at(-1);
}

function functionNamed(site: Site, name: string): FunctionInfo | undefined {
  const named = site.context.codebase.functions.filter((one) => (one.name.split('.').at(-1) ?? one.name) === name);
  return named.length === 1 ? named[0] : named.find((one) => one.file === site.path);
}

function about(site: Site, step: string, naturalness: number): { title: string; rationale: string; naturalness: number } {
  const flow = textValue(site.data.flow) ?? 'the flow';
  return {
    title: `Run ${step}, which ${flow} declares`,
    rationale: because(site, `nothing runs \`${step}\`, which ${flow} declares`),
    naturalness,
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
