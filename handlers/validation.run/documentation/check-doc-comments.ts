import { ts } from 'ts-morph';
import type { CheckedPlace } from './check-markdown.ts';

/** Doc comments of functions name only parameters that these have. */
export function checkDocComments(file: string, text: string): CheckedPlace[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const places: CheckedPlace[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) places.push(...checkFunction(node, tree));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return places;
}

function checkFunction(node: ts.SignatureDeclaration, tree: ts.SourceFile): CheckedPlace[] {
  const tags = ts.getJSDocTags(node).filter(ts.isJSDocParameterTag);
  if (tags.length === 0) return [];
  const names = node.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : undefined));
  // A destructured parameter may go by any name in its comment.
  const free = names.filter((name) => name === undefined).length;
  const strangers = tags.map(({ name }) => name.getText(tree).split('.', 1)[0] ?? '').filter((name) => !names.includes(name));
  const unknown = [...new Set(strangers)].slice(free);
  const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
  const called = node.name === undefined ? 'a function' : node.name.getText(tree);
  return [
    unknown.length === 0
      ? { line }
      : { line, fault: `the comment of ${called} speaks of ${unknown.join(', ')}, which is no parameter of it` },
  ];
}
