import { ts } from 'ts-morph';
import { changeOf, putTyped, type TypeEdit, type TypeFix, type TypeSite } from '../type-fix.ts';
import { emptyValue, namesOfType } from '../typed-values.ts';

const MOST_PERMUTED = 4;

export const fitArguments: TypeFix = {
  name: 'fit-arguments',
  prior: 0.75,
  source:
    'BugsJS: other argument values 14.8 %, other number or type of arguments 4.9 %; TSSB-3M: more arguments 150K, fewer 50K, swapped 8K',
  codes: new Set([2345, 2554, 2555, 2556, 2769, 2322, 2575, 2560]),
  *propose(site): Generator<TypeEdit> {
    const call = ts.findAncestor(
      site.node,
      (one): one is ts.CallExpression | ts.NewExpression => ts.isCallExpression(one) || ts.isNewExpression(one),
    );
    const list = call?.arguments;
    if (call === undefined || list === undefined) return;
    const texts = list.map((argument) => argument.getText());
    if (texts.length > 1 && texts.length <= MOST_PERMUTED)
      for (const order of permutations(texts)) yield withArguments(site, call, order, swaps(texts, order) <= 2 ? 0.9 : 0.6);
    for (const index of texts.keys()) yield withArguments(site, call, texts.toSpliced(index, 1), 0.6);
    for (const declared of signaturesOf(call, site.checker)) yield* withMore(site, call, texts, declared);
  },
};

function withArguments(
  site: TypeSite,
  call: ts.CallExpression | ts.NewExpression,
  texts: readonly string[],
  naturalness: number,
): TypeEdit {
  const list = call.arguments;
  const start = list === undefined ? call.end - 1 : list.pos;
  return { changes: [changeOf(site.check, call.getSourceFile(), start, call.end - 1, texts.join(', '))], naturalness };
}

/** The parameters that are not given: by a name in scope of their type, else an empty value. */
function* withMore(
  site: TypeSite,
  call: ts.CallExpression | ts.NewExpression,
  texts: readonly string[],
  declared: ts.Signature,
): Generator<TypeEdit> {
  const { checker } = site;
  const parameters = declared.getParameters();
  if (parameters.length <= texts.length) {
    yield* loosened(site, declared, texts.length);
    return;
  }
  const missing = parameters.length - texts.length;
  // What is missing may be any of them, not only the last.
  for (let at = texts.length; at >= 0 && missing === 1; at -= 1) {
    const parameter = parameters[at];
    if (parameter === undefined) continue;
    const type = checker.getTypeOfSymbolAtLocation(parameter, call);
    const names = namesOfType(call, type, checker).filter((name) => !texts.includes(name));
    const empty = emptyValue(type, checker);
    for (const [rank, name] of names.slice(0, 5).entries())
      yield withArguments(site, call, texts.toSpliced(at, 0, name), name === parameter.name ? 0.95 : 0.6 - 0.05 * rank);
    if (empty !== undefined) yield withArguments(site, call, texts.toSpliced(at, 0, empty), 0.4);
  }
  if (missing > 1) {
    const more = parameters.slice(texts.length).map((parameter) => {
      const type = checker.getTypeOfSymbolAtLocation(parameter, call);
      const names = namesOfType(call, type, checker);
      return names.find((name) => name === parameter.name) ?? names.find((name) => !texts.includes(name)) ?? emptyValue(type, checker);
    });
    if (!more.includes(undefined)) yield withArguments(site, call, [...texts, ...more.map(String)], 0.6);
  }
  yield* loosened(site, declared, texts.length);
}

/** The declaration may be what is too strict: its parameters behind the given ones become optional. */
function* loosened(site: TypeSite, { declaration }: ts.Signature, given: number): Generator<TypeEdit> {
  const parameter = declaration?.parameters[given];
  if (parameter === undefined || !ts.isParameter(parameter) || parameter.getSourceFile().isDeclarationFile) return;
  if (parameter.questionToken === undefined && parameter.initializer === undefined)
    yield putTyped(site, parameter.name, `${parameter.name.getText()}?`, 0.25);
}

function signaturesOf(call: ts.CallExpression | ts.NewExpression, checker: ts.TypeChecker): readonly ts.Signature[] {
  const type = checker.getTypeAtLocation(call.expression);
  return (ts.isNewExpression(call) ? type.getConstructSignatures() : type.getCallSignatures()).slice(0, 3);
}

function permutations(list: readonly string[]): string[][] {
  if (list.length <= 1) return [[...list]];
  const all = list.flatMap((one, at) => permutations(list.toSpliced(at, 1)).map((rest) => [one, ...rest]));
  return all.filter((order) => order.some((text, at) => text !== list[at]));
}

function swaps(a: readonly string[], b: readonly string[]): number {
  return a.filter((text, at) => text !== b[at]).length;
}
