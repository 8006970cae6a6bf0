import { ts } from 'ts-morph';
import { changeOf, putTyped, type TypeEdit, type TypeFix, type TypeSite, widest } from '../type-fix.ts';
import { emptyValue, givenValue, wantedType } from '../typed-values.ts';

export const narrowNull: TypeFix = {
  name: 'narrow-null',
  prior: 0.75,
  source: 'BugsJS: add a guard with return, throw or continue 10.8 %, add a guard around code 8.8 %; NPEFix (Durieux et al., SANER 2017)',
  codes: new Set([2531, 2532, 2533, 2721, 2722, 2723, 18046, 18047, 18048, 18049, 2322, 2345, 2488, 2538, 2769, 2365, 2367]),
  *propose(site): Generator<TypeEdit> {
    const { node, checker } = site;
    const given = givenValue(widest(node)) ?? (ts.isExpression(node) ? node : undefined);
    if (given === undefined) return;
    const type = checker.getTypeAtLocation(given);
    if (!mayBeMissing(type)) return;
    yield* optionalAccess(site, given);
    const wanted = wantedType(given, checker) ?? checker.getNonNullableType(type);
    const empty = emptyValue(checker.getNonNullableType(wanted), checker);
    if (empty !== undefined) yield putTyped(site, given, defaulted(given, empty), 0.7);
    yield* guards(site, given);
  },
};

/** `undefined` or `null` are among its values. */
export function mayBeMissing(type: ts.Type): boolean {
  const missing = ts.TypeFlags.Undefined | ts.TypeFlags.Null;
  return (type.flags & missing) !== 0 || (type.isUnion() && type.types.some(({ flags }) => (flags & missing) !== 0));
}

function* optionalAccess(site: TypeSite, given: ts.Expression): Generator<TypeEdit> {
  const { parent } = given;
  const file = given.getSourceFile();
  const isAccess = (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === given;
  const isCall = ts.isCallExpression(parent) && parent.expression === given;
  if (!isAccess && !isCall) return;
  const dot = ts.isPropertyAccessExpression(parent) ? parent.name.getStart() : given.end;
  const chained = changeOf(site.check, file, given.end, dot, '?.');
  const chain = outermostAccess(parent);
  // As an operand, what is missing then makes NaN or the text "undefined".
  yield { changes: [chained], naturalness: ts.isBinaryExpression(chain.parent) || ts.isTemplateSpan(chain.parent) ? 0.3 : 0.8 };
  const wanted = wantedType(chain, site.checker) ?? site.checker.getTypeAtLocation(chain);
  const empty = emptyValue(site.checker.getNonNullableType(wanted), site.checker);
  if (empty === undefined) return;
  const start = chain.getStart();
  const whole = `${chain.getText().slice(0, given.end - start)}?.${chain.getText().slice(dot - start)} ?? ${empty}`;
  const text = ts.isBinaryExpression(chain.parent) || ts.isPropertyAccessExpression(chain.parent) ? `(${whole})` : whole;
  yield putTyped(site, chain, text, 0.75);
}

function outermostAccess(node: ts.Node): ts.Expression {
  let at = node;
  while (
    (ts.isPropertyAccessExpression(at.parent) || ts.isElementAccessExpression(at.parent) || ts.isCallExpression(at.parent)) &&
    at.parent.expression === at
  )
    at = at.parent;
  return ts.isExpression(at) ? at : ts.factory.createNull();
}

function defaulted(given: ts.Expression, empty: string): string {
  const { parent } = given;
  const text = `${given.getText()} ?? ${empty}`;
  return ts.isBinaryExpression(parent) || ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)
    ? `(${text})`
    : text;
}

/** A check before the statement that leaves early, or around it. */
function* guards(site: TypeSite, given: ts.Expression): Generator<TypeEdit> {
  if (!/^[\w$.]+$/.test(given.getText())) return;
  const statement = ts.findAncestor(
    given,
    (one): one is ts.Statement => ts.isStatement(one) && (ts.isBlock(one.parent) || ts.isSourceFile(one.parent)),
  );
  if (statement === undefined) return;
  const file = given.getSourceFile();
  const start = statement.getStart();
  const indent = /[ \t]*$/.exec(file.text.slice(0, start))?.[0] ?? '';
  const name = given.getText();
  const type = site.checker.getTypeAtLocation(given);
  const none = type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Null) ? 'null' : 'undefined';
  const both = type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Undefined) && none === 'null';
  const missing = both ? `${name} == null` : `${name} === ${none}`;
  const before = (leave: string, naturalness: number): TypeEdit => ({
    changes: [changeOf(site.check, file, start, start, `if (${missing}) ${leave}\n${indent}`)],
    naturalness,
  });
  for (const [leave, naturalness] of exits(site, statement)) yield before(leave, naturalness);
  if (ts.isExpressionStatement(statement)) {
    const around = changeOf(site.check, file, start, statement.end, `if (${name} ${both ? '!=' : '!=='} ${none}) ${statement.getText()}`);
    yield { changes: [around], naturalness: 0.6 };
  }
}

function exits({ checker }: TypeSite, statement: ts.Statement): [string, number][] {
  const found: [string, number][] = [];
  const owner = ts.findAncestor(statement, (one): one is ts.SignatureDeclaration => ts.isFunctionLike(one));
  const loop = ts.findAncestor(statement, (one) => ts.isIterationStatement(one, false) || ts.isFunctionLike(one));
  if (loop !== undefined && ts.isIterationStatement(loop, false)) found.push(['continue;', 0.6]);
  const signature = owner === undefined ? undefined : checker.getSignatureFromDeclaration(owner);
  if (signature === undefined) return found;
  const returned = checker.getReturnTypeOfSignature(signature);
  const inner = checker.getAwaitedType(returned) ?? returned;
  if (inner.flags & ts.TypeFlags.Void) return [...found, ['return;', 0.6]];
  if (inner.isUnion()) {
    if (inner.types.some(({ flags }) => flags & ts.TypeFlags.Undefined)) found.push(['return undefined;', 0.65]);
    if (inner.types.some(({ flags }) => flags & ts.TypeFlags.Null)) found.push(['return null;', 0.65]);
  }
  const empty = emptyValue(checker.getNonNullableType(inner), checker);
  return empty === undefined ? found : [...found, [`return ${empty};`, 0.6]];
}
