import { ts } from 'ts-morph';
import { mutationsOf } from './mutations.ts';

/** A small change of one line that a good test must notice. */
export interface Mutant {
  readonly line: number;
  /** What was changed, for a person: `< becomes <=`. */
  readonly description: string;
  /** The whole file with the change. */
  readonly text: string;
}

/**
 * Mutants of the given lines (from 1) of a JavaScript or TypeScript file, made from its syntax tree: operators, conditions, literals,
 * returned values, removed statements. Ordered so that any first few spread over lines and kinds; types, imports and directives are
 * left alone. Operators after Offutt et al., "An experimental determination of sufficient mutant operators", 1996.
 */
export function makeMutants(file: string, source: string, lines: ReadonlySet<number>): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, scriptKind(file));
  const byLine = new Map<number, Mutant[]>();
  const visit = (node: ts.Node): void => {
    if (isSilent(node)) return;
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    for (const { start, end, replacement, description } of mutationsOf(node, tree)) {
      const at = tree.getLineAndCharacterOfPosition(start).line + 1;
      if (!lines.has(at) && !lines.has(line)) continue;
      const text = source.slice(0, start) + replacement + source.slice(end);
      const mutants = byLine.get(at) ?? [];
      if (text !== source && !mutants.some((mutant) => mutant.text === text) && parses(file, text))
        mutants.push({ line: at, description, text });
      byLine.set(at, mutants);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return takeTurns([...byLine].sort(([a], [b]) => a - b).map(([, mutants]) => mutants));
}

/** One of each line, then the second of each, and so on. */
function takeTurns(groups: readonly (readonly Mutant[])[]): Mutant[] {
  const longest = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, turn) => groups.flatMap((group) => group[turn] ?? [])).flat();
}

/** Parts that do nothing at run time, or whose change no test of behaviour should see. */
function isSilent(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isDecorator(node)
  );
}

function scriptKind(file: string): ts.ScriptKind {
  if (/\.[cm]?ts$/.test(file)) return ts.ScriptKind.TS;
  // JSX is a superset for JavaScript, but takes `<T>x` casts for tags in TypeScript.
  return file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.JSX;
}

function parses(file: string, text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve },
  });
  return diagnostics.length === 0;
}
