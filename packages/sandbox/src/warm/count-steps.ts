import { ts } from 'ts-morph';
import { type Insertion, inOrder } from './insertions.ts';

/** At the start of a body; on the line it stands on, so that line numbers hold. */
const STEP = '__selfheal_step();';

/**
 * Insertions that count every turn of a loop and every entry of a function, so that a candidate that never ends is stopped at the same
 * point on every machine, and that report the arguments of top-level functions. A body without braces gets them.
 */
export function countSteps(path: string, text: string): Insertion[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  // Where a file does not parse, its tree does not say where its blocks begin.
  if (ts.transpileModule(text, { fileName: path, reportDiagnostics: true }).diagnostics?.length) return [];
  const insertions: Insertion[] = [];
  let pairs = 0;

  const wrap = (node: ts.Node, open: string, close: string, visitInner: () => void): void => {
    pairs += 1;
    const pair = pairs;
    insertions.push({ at: node.getStart(file), text: open, pair, closes: false });
    visitInner();
    insertions.push({ at: node.end, text: close, pair, closes: true });
  };
  const atStartOf = (block: ts.Block, code: string): void => {
    pairs += 1;
    insertions.push({ at: block.getStart(file) + 1, text: code, pair: pairs, closes: false });
  };
  const visitBody = (body: ts.Statement): void => {
    if (ts.isBlock(body)) {
      atStartOf(body, STEP);
      ts.forEachChild(body, visit);
    } else wrap(body, `{${STEP}`, '}', () => visit(body));
  };
  const visitFunction = (node: ts.FunctionLikeDeclaration): void => {
    const { body } = node;
    const entered = `${enteredCall(node)}${STEP}`;
    ts.forEachChild(node, (child) => {
      if (child !== body) visit(child);
    });
    if (body === undefined) return;
    if (ts.isBlock(body)) {
      if (!startsWithDirective(body)) atStartOf(body, entered);
      ts.forEachChild(body, visit);
    } else wrap(body, `(${entered.replaceAll(';', ',')}`, ')', () => visit(body));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIterationStatement(node, false)) {
      ts.forEachChild(node, (child) => {
        if (child !== node.statement) visit(child);
      });
      visitBody(node.statement);
    } else if (ts.isFunctionLike(node) && 'body' in node) visitFunction(node);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return inOrder(insertions);
}

/** Generators are left out: their bodies run later than they are entered. */
function enteredCall(node: ts.FunctionLikeDeclaration): string {
  const name = topLevelName(node);
  if (name === undefined || node.asteriskToken !== undefined) return '';
  const names = node.parameters.map((parameter) => parameter);
  if (!names.every((parameter) => ts.isIdentifier(parameter.name) && parameter.dotDotDotToken === undefined)) return '';
  return `__selfheal_entered(${JSON.stringify(`${node.getSourceFile().fileName}\0${name}`)},[${names.map((parameter) => parameter.name.getText()).join(',')}]);`;
}

/** `function f`, `const f = function` or `const f = () =>` at the top level of a module. */
function topLevelName(node: ts.FunctionLikeDeclaration): string | undefined {
  if (ts.isFunctionDeclaration(node)) return ts.isSourceFile(node.parent) ? node.name?.text : undefined;
  const declaration = node.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  return ts.isSourceFile(declaration.parent.parent.parent) ? declaration.name.text : undefined;
}

function startsWithDirective(block: ts.Block): boolean {
  const first = block.statements[0];
  return first !== undefined && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression);
}
