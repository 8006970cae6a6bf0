import type { FixTemplate } from '@selfheal/contracts';
import { type ElementAccessExpression, Node, type SwitchStatement, SyntaxKind } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { indentAt } from './code-style.ts';
import { failureValues } from './failure-convention.ts';
import { exitsAt } from './guard-before.ts';
import { type Exit, leaving } from './return-values.ts';

const CATEGORIES = ['missing-case', 'null-access', 'not-a-function'];

/** Lets a switch or a table of values deal with a value that it does not know. */
export const addCase: FixTemplate = {
  name: 'add-case',
  categories: CATEGORIES,
  prior: 0.42,
  source: 'ESLint default-case; "add an else branch" of BugsJS; missing logic is the second largest class of HumanEvalFix (33 of 164)',
  propose: atEachSite(CATEGORIES, (site) => [...switches(site), ...tables(site)]),
};

function switches(site: Site): (Proposal | undefined)[] {
  const { line } = site.cause.location;
  const around = site.source
    .getDescendantsOfKind(SyntaxKind.SwitchStatement)
    .filter((node) => node.getStartLineNumber() <= line && node.getEndLineNumber() >= line);
  const named = around.findLast((node) => node.getExpression().getText() === textValue(site.data.expression)) ?? around.at(-1);
  if (!named || site.cause.category !== 'missing-case') return [];
  return exitsAt(site, named)
    .filter((exit) => exit.kind !== 'continue')
    .map((exit) => withDefault(site, named, exit));
}

function withDefault(site: Site, node: SwitchStatement, exit: Exit): Proposal | undefined {
  const { indent, newline } = site.style;
  const base = indentAt(site.text, node.getStart());
  const clause = node.getClauses().find((one) => Node.isDefaultClause(one));
  const body = exit.statements.map((line) => `${base}${indent}${indent}${line}${newline}`).join('');
  const about = {
    title: `Deal with other values of ${node.getExpression().getText()}`,
    rationale: `No case fits a value that production sends; ${leaving(exit)}.`,
    naturalness: exit.weight * 0.9,
  };
  if (clause) {
    const statements = clause.getStatements();
    const [first] = statements;
    const last = statements.at(-1);
    if (!first || !last || first.getText() === exit.statements[0]) return undefined;
    return proposal(
      site,
      clause,
      [{ start: first.getStart(), end: last.getEnd(), text: exit.statements.join(`${newline}${base}${indent}${indent}`) }],
      about,
    );
  }
  const end = node.getCaseBlock().getEnd() - 1;
  const at = site.text.lastIndexOf('\n', end) + 1;
  return proposal(site, node, [{ start: at, end: at, text: `${base}${indent}default:${newline}${body}` }], about);
}

/** `RATES[zone].base`, `HANDLERS[type](event)`: a key that the table does not have. */
function tables(site: Site): (Proposal | undefined)[] {
  if (site.cause.category === 'missing-case') return [];
  const lookups = nodesAt(site, (node): node is ElementAccessExpression => Node.isElementAccessExpression(node) && isTable(node));
  return lookups.slice(0, 2).flatMap((lookup) => {
    const keys = keysOf(lookup);
    const usual = keys.find((key) => /^(default|other|unknown|fallback|standard|none)$/i.test(key));
    const table = lookup.getExpression().getText();
    const parent = lookup.getParent();
    const isOperand = Node.isPropertyAccessExpression(parent) || Node.isCallExpression(parent);
    const wrap = (text: string) => (isOperand ? `(${text})` : text);
    const values = usual !== undefined ? [`${table}.${usual}`] : isOperand ? [] : failureValues(lookup, site.style).slice(0, 2);
    return values.map((value) =>
      proposal(site, lookup, [{ start: lookup.getStart(), end: lookup.getEnd(), text: wrap(`${lookup.getText()} ?? ${value}`) }], {
        title: `Take ${value} where ${table} has no entry`,
        rationale: `\`${table}\` has no entry but ${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ` and ${keys.length - 6} more` : ''}; a missing one then counts as \`${value}\`.`,
        naturalness: usual !== undefined ? 0.85 : 0.35,
      }),
    );
  });
}

function isTable(lookup: ElementAccessExpression): boolean {
  return keysOf(lookup).length > 0 && !Node.isNumericLiteral(lookup.getArgumentExpression());
}

function keysOf(lookup: ElementAccessExpression): string[] {
  return (lookup.getExpression().getSymbol()?.getDeclarations() ?? []).flatMap((declaration) => {
    const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    if (!Node.isObjectLiteralExpression(initializer)) return [];
    return initializer
      .getProperties()
      .flatMap((property) =>
        Node.isPropertyAssignment(property) || Node.isShorthandPropertyAssignment(property) || Node.isMethodDeclaration(property)
          ? [property.getName()]
          : [],
      );
  });
}
