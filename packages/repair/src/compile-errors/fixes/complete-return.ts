import { ts } from 'ts-morph';
import { changeOf, insertedBefore, type TypeEdit, type TypeFix } from '../type-fix.ts';
import { emptyValue, namesOfType } from '../typed-values.ts';

export const completeReturn: TypeFix = {
  name: 'complete-return',
  prior: 0.7,
  source: 'BugsJS: change a return 7.3 %; HumanEvalFix-JS: missing logic 33 of 164',
  codes: new Set([2355, 2366, 7030, 2322, 2345, 2847, 2534]),
  *propose(site): Generator<TypeEdit> {
    const { node, checker, check } = site;
    const owner = ts.findAncestor(node, (one): one is ts.FunctionLikeDeclaration => ts.isFunctionLike(one) && 'body' in one);
    const body = owner?.body;
    const signature = owner === undefined ? undefined : checker.getSignatureFromDeclaration(owner);
    if (body === undefined || signature === undefined || !ts.isBlock(body)) return;
    const returned = checker.getReturnTypeOfSignature(signature);
    const wanted = checker.getAwaitedType(returned) ?? returned;
    const file = body.getSourceFile();
    const last = body.statements.at(-1);
    // The value is there, only not given back.
    for (const statement of expressionStatements(body))
      yield { changes: [insertedBefore(check, statement, 'return ')], naturalness: statement === last ? 0.95 : 0.6 };
    const indent = last === undefined ? '  ' : (/[ \t]*$/.exec(file.text.slice(0, last.getStart()))?.[0] ?? '  ');
    const at = last?.end ?? body.getStart() + 1;
    const place = last ?? body;
    const append = (value: string, naturalness: number): TypeEdit => ({
      changes: [changeOf(check, file, at, at, `\n${indent}return ${value};`)],
      naturalness,
    });
    const inside = last === undefined ? [] : namesOfType(ts.isBlock(place) ? place : endOf(body, file), wanted, checker);
    for (const [rank, name] of inside.slice(0, 6).entries()) yield append(name, 0.7 - 0.05 * rank);
    const empty = emptyValue(wanted, checker);
    if (empty !== undefined) yield append(empty, 0.45);
  },
};

/** The closing brace: all names of the body are in scope there. */
function endOf(body: ts.Block, file: ts.SourceFile): ts.Node {
  return body.getLastToken(file) ?? body;
}

function expressionStatements(body: ts.Block): ts.ExpressionStatement[] {
  const found: ts.ExpressionStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node)) found.push(node);
    else if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found.reverse().slice(0, 6);
}
