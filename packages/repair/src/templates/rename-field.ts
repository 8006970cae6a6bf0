import type { FixTemplate } from '@selfheal/contracts';
import { type BindingElement, Node, type PropertyAccessExpression, SyntaxKind } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { atEachSite, type Proposal, proposal, type Site, textList, textValue } from './causes.ts';
import { functionAround } from './syntax-tree.ts';

const CATEGORIES = ['renamed-field'];

/** Reads a field by the name that production data has: alone, or before the old name where both may come. */
export const renameField: FixTemplate = {
  name: 'rename-field',
  categories: CATEGORIES,
  prior: 0.55,
  source: 'Change field access: 3.3 % of BugsJS fixes, "other attribute" of TSSB-3M; breaking API changes (Mezzetti et al., 2018)',
  propose: atEachSite(CATEGORIES, (site) => {
    const from = textValue(site.data.from);
    const names = [textValue(site.data.to), ...textList(site.data.others)].filter((name) => name !== undefined);
    return from === undefined ? [] : names.flatMap((to, rank) => renamed(site, from, to, 0.85 ** rank));
  }),
};

function renamed(site: Site, from: string, to: string, factor: number): (Proposal | undefined)[] {
  const scope = scopeOf(site);
  const accesses = scope.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression).filter((access) => access.getName() === from);
  const elements = scope
    .getDescendantsOfKind(SyntaxKind.BindingElement)
    .filter(
      (element) =>
        (element.getPropertyNameNode()?.getText() ?? element.getName()) === from && Node.isObjectBindingPattern(element.getParent()),
    );
  const [node] = [...accesses, ...elements];
  if (!node || !/^[A-Za-z_$][\w$]*$/.test(to)) return [];
  const about = (how: string) => ({
    title: `Read ${to} in place of ${from}`,
    rationale: `Production data has \`${to}\` and no \`${from}\`. ${how}`,
  });
  const replaced: Change[] = [
    ...accesses.map((access) => ({ start: access.getNameNode().getStart(), end: access.getNameNode().getEnd(), text: to })),
    ...elements.map((element) => bound(element, to)),
  ];
  const both: Change[] = [...accesses.flatMap((access) => tolerant(access, to)), ...elements.map((element) => bound(element, to))];
  return [
    proposal(site, node, replaced, { ...about('The old name is no longer read.'), naturalness: 0.9 * factor }),
    accesses.length > 0
      ? proposal(site, node, both, { ...about('The old name still counts where the new one is missing.'), naturalness: 0.8 * factor })
      : undefined,
  ];
}

function scopeOf(site: Site): Node {
  const at = site.source.getDescendants().find((node) => node.getStartLineNumber() === site.cause.location.line);
  return (at && functionAround(at)) ?? site.source;
}

/** `{ from }` becomes `{ to: from }`, so that the code below need not change. */
function bound(element: BindingElement, to: string): Change {
  const key = element.getPropertyNameNode();
  return key
    ? { start: key.getStart(), end: key.getEnd(), text: to }
    : { start: element.getNameNode().getStart(), end: element.getNameNode().getStart(), text: `${to}: ` };
}

function tolerant(access: PropertyAccessExpression, to: string): Change[] {
  const owner = access.getExpression().getText();
  const dot = access.hasQuestionDotToken() ? '?.' : '.';
  const parent = access.getParent();
  const isAlone =
    Node.isReturnStatement(parent) ||
    Node.isVariableDeclaration(parent) ||
    Node.isPropertyAssignment(parent) ||
    (Node.isCallExpression(parent) && parent.getExpression() !== access);
  const text = `${owner}${dot}${to} ?? ${access.getText()}`;
  return [{ start: access.getStart(), end: access.getEnd(), text: isAlone ? text : `(${text})` }];
}
