import { ts } from 'ts-morph';

const CODE = /\.[cm]?[jt]sx?$/i;
const printer = ts.createPrinter({ removeComments: true });

export function isCode(path: string): boolean {
  return CODE.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

export function parse(path: string, text: string): ts.SourceFile {
  // A .js file may hold JSX; a .ts file may not (type assertions look like it).
  const kind = /\.[cm]?jsx?$/i.test(path) ? ts.ScriptKind.JSX : undefined;
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
}

/** The code of a node without comments and the author's spacing, so that two spellings of one statement are equal. */
export function normalised(node: ts.Node): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/\s+/g, ' ');
}

export function lineOf(node: ts.Node): number {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** All nodes below and including `node`, parents first. */
export function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of childrenOf(node)) yield* walk(child);
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}
