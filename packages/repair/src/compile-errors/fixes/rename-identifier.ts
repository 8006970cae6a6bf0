import { ts } from 'ts-morph';
import { nearestNames } from '../../locate/near-names.ts';
import { putTyped, type TypeEdit, type TypeFix } from '../type-fix.ts';
import { localSymbols } from '../typed-values.ts';

const ANYTHING = ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Alias;

export const renameIdentifier: TypeFix = {
  name: 'rename-identifier',
  prior: 0.85,
  source: 'TSSB-3M: other identifier 237K; template order (1) of published statistics: nearest name in scope (typos)',
  codes: new Set([2304, 2552, 2503, 2663, 2662, 18004, 2305, 2724, 2614, 2693, 2749, 2448, 2454]),
  *propose(site): Generator<TypeEdit> {
    const { node, checker } = site;
    if (!ts.isIdentifier(node)) return;
    const known = ts.isImportSpecifier(node.parent)
      ? exported(node.parent, checker)
      : checker.getSymbolsInScope(node, ANYTHING).map(({ name }) => name);
    for (const [rank, name] of nearestNames(node.text, known, 8).entries()) yield putTyped(site, node, name, 1 - 0.1 * rank);
    for (const [rank, { name }] of localSymbols(node, checker).slice(0, 10).entries()) yield putTyped(site, node, name, 0.35 - 0.02 * rank);
  },
};

function exported(specifier: ts.ImportSpecifier, checker: ts.TypeChecker): string[] {
  const module = checker.getSymbolAtLocation(specifier.parent.parent.parent.moduleSpecifier);
  return module === undefined ? [] : checker.getExportsOfModule(module).map(({ name }) => name);
}
