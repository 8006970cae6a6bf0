import { ts } from 'ts-morph';
import { putTyped, type TypeEdit, type TypeFix, type TypeSite } from '../type-fix.ts';

export const awaitPromises: TypeFix = {
  name: 'await-promises',
  prior: 0.8,
  source:
    'missing await is the commonest asynchronous fault of Node projects (Wang et al., ASE 2017); the compiler offers it for single promises alone',
  codes: new Set([2322, 2339, 2345, 2362, 2363, 2365, 2488, 2551, 2740, 2769, 2801]),
  *propose(site): Generator<TypeEdit> {
    const { checker } = site;
    for (const value of valuesBehind(site)) {
      if (!mayAwait(value)) continue;
      const element = checker.getIndexTypeOfType(checker.getTypeAtLocation(value), ts.IndexKind.Number);
      if (element !== undefined && isPromise(element)) yield putTyped(site, value, `await Promise.all(${value.getText()})`, 0.95);
      if (isPromise(checker.getTypeAtLocation(value))) yield putTyped(site, value, `await ${value.getText()}`, 0.95);
    }
  },
};

/** What the variables of the statement were given where they are declared. */
function valuesBehind({ node, checker, file }: TypeSite): Set<ts.Expression> {
  const found = new Set<ts.Expression>();
  const visit = (one: ts.Node): void => {
    const declared = ts.isIdentifier(one) ? checker.getSymbolAtLocation(one)?.valueDeclaration : undefined;
    if (declared?.getSourceFile() === file && ts.isVariableDeclaration(declared) && declared.initializer !== undefined)
      found.add(declared.initializer);
    ts.forEachChild(one, visit);
  };
  visit(ts.findAncestor(node, ts.isStatement) ?? node);
  return found;
}

/** In an async function, or at the top of a module. */
function mayAwait(value: ts.Node): boolean {
  const owner = ts.findAncestor(value, ts.isFunctionLike);
  const modifiers = owner !== undefined && ts.canHaveModifiers(owner) ? ts.getModifiers(owner) : undefined;
  return owner === undefined || modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
}

function isPromise(type: ts.Type): boolean {
  return type.symbol?.name === 'Promise';
}
