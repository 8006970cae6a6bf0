import type { FixTemplate } from '@selfheal/contracts';
import { type FunctionDeclaration, Node, SyntaxKind } from 'ts-morph';
import { atEachSite, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { isInScope } from './syntax-tree.ts';

const CATEGORIES = ['repeated-pure-call'];

/** Keeps the results of a pure function that calls itself again and again with the same argument. */
export const memoisePure: FixTemplate = {
  name: 'memoise-pure',
  categories: CATEGORIES,
  prior: 0.5,
  source: 'Memoisation (Michie 1968); detection of memoisable calls (Della Toffola et al., OOPSLA 2015)',
  propose: atEachSite(CATEGORIES, (site) => recursiveFunctions(site).map((fn) => memoised(site, fn))),
};

function recursiveFunctions(site: Site): FunctionDeclaration[] {
  const { line } = site.cause.location;
  const id = textValue(site.data.function) ?? '';
  return site.source.getDescendantsOfKind(SyntaxKind.FunctionDeclaration).filter((fn) => {
    const name = fn.getName();
    const isNamed = id.includes(`#${name}@`) || (fn.getStartLineNumber() <= line && fn.getEndLineNumber() >= line);
    const calls = fn.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => call.getExpression().getText() === name);
    return (
      isNamed &&
      calls.length > 1 &&
      fn.getParameters().length > 0 &&
      !fn.isAsync() &&
      fn.getParameters().every((parameter) => Node.isIdentifier(parameter.getNameNode()) && !parameter.isRestParameter())
    );
  });
}

/** The body moves into a function of its own; recursive calls go through the one that remembers. */
function memoised(site: Site, fn: FunctionDeclaration): Proposal | undefined {
  const name = fn.getName();
  const body = fn.getBody();
  if (name === undefined || !body) return undefined;
  const { indent, semicolon: end, newline } = site.style;
  const inner = `compute${name[0]?.toUpperCase()}${name.slice(1)}`;
  const results = `${name}Results`;
  if (isInScope(inner, fn) || isInScope(results, fn)) return undefined;
  const parameters = fn.getParameters();
  const names = parameters.map((parameter) => parameter.getName());
  const typed = parameters.map((parameter) => parameter.getText()).join(', ');
  const type = fn.getReturnTypeNode()?.getText();
  const [only] = names;
  const key = names.length === 1 && only !== undefined ? only : `JSON.stringify([${names.join(', ')}])`;
  const lines = [
    `{`,
    `${indent}const key = ${key}${end}`,
    `${indent}const known = ${results}.get(key)${end}`,
    `${indent}if (known !== undefined) return known${end}`,
    `${indent}const value = ${inner}(${names.join(', ')})${end}`,
    `${indent}${results}.set(key, value)${end}`,
    `${indent}return value${end}`,
    '}',
    '',
    `function ${inner}(${typed})${type === undefined ? '' : `: ${type}`} ${body.getText()}`,
  ];
  const holder = fn.getStart();
  return proposal(
    site,
    fn,
    [
      { start: holder, end: holder, text: `const ${results} = new Map()${end}${newline}${newline}` },
      { start: body.getStart(), end: body.getEnd(), text: lines.join(newline) },
    ],
    {
      title: `Remember the results of ${name}`,
      rationale: `\`${name}\` is pure and calls itself again and again with the same arguments; each result is now computed once.`,
      naturalness: 0.7,
    },
  );
}
