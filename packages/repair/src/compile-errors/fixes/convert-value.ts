import { ts } from 'ts-morph';
import { nameSimilarity } from '../../locate/near-names.ts';
import { operand } from '../../operators/places.ts';
import { putTyped, type TypeEdit, type TypeFix, type TypeSite, widest } from '../type-fix.ts';
import { givenValue, isAny, namesOfType, wantedType } from '../typed-values.ts';

export const convertValue: TypeFix = {
  name: 'convert-value',
  prior: 0.7,
  source: 'PyTER (Oh and Oh, FSE 2022): type casts and conversions; TSSB-3M: wrap in a function 117K, other identifier 237K',
  codes: new Set([2322, 2345, 2362, 2363, 2365, 2367, 2769, 2416, 2820, 2740, 2739, 2741, 2559, 2488, 2538, 2349, 2339, 2464]),
  *propose(site): Generator<TypeEdit> {
    const { node, checker, error } = site;
    const place = widest(node);
    // Two operands that do not go together: either may be the one to be changed.
    if (ts.isBinaryExpression(place) && (error.code === 2365 || error.code === 2367)) {
      for (const side of [place.left, place.right]) yield* asWanted(site, side, wantedType(side, checker));
      return;
    }
    const given = givenValue(place) ?? givenValue(node);
    if (given === undefined) return;
    const isArithmetic = error.code === 2362 || error.code === 2363;
    yield* asWanted(site, given, isArithmetic ? checker.getNumberType() : wantedType(given, checker));
  },
};

function* asWanted(site: TypeSite, given: ts.Expression, wanted: ts.Type | undefined): Generator<TypeEdit> {
  const { checker } = site;
  yield* conversions(site, given, wanted);
  if (wanted === undefined || isAny(wanted)) return;
  yield* literals(site, given, wanted);
  // A name of another type is rather the wrong name than a value to be converted.
  const base = ts.isIdentifier(given) ? 0.85 : 0.5;
  for (const [rank, name] of namesOfType(given, wanted, checker).entries())
    if (name !== given.getText() && name !== otherOperand(given)) yield putTyped(site, given, name, base - 0.04 * rank);
  for (const name of membersOfType(checker.getTypeAtLocation(given), wanted, checker))
    yield putTyped(site, given, `${operand(given)}.${name}`, 0.6);
}

function otherOperand(given: ts.Expression): string | undefined {
  const { parent } = given;
  if (!ts.isBinaryExpression(parent)) return undefined;
  return (parent.left === given ? parent.right : parent.left).getText();
}

function* conversions(site: TypeSite, given: ts.Expression, wanted: ts.Type | undefined): Generator<TypeEdit> {
  const { checker } = site;
  const text = given.getText();
  const type = checker.getTypeAtLocation(given);
  const is = (flags: ts.TypeFlags): boolean => wanted === undefined || flagsOf(wanted, flags);
  if (type.getCallSignatures().length > 0) yield putTyped(site, given, `${operand(given)}()`, 0.75);
  const isList = checker.isArrayType(type);
  if (is(ts.TypeFlags.NumberLike) && isList) yield putTyped(site, given, `${operand(given)}.length`, 0.9);
  else if (is(ts.TypeFlags.NumberLike) && !flagsOf(type, ts.TypeFlags.NumberLike)) {
    yield putTyped(site, given, ts.isStringLiteral(given) && /^-?\d+(\.\d+)?$/.test(given.text) ? given.text : `Number(${text})`, 0.7);
    yield putTyped(site, given, `parseInt(${text}, 10)`, 0.35);
    yield putTyped(site, given, `${operand(given)}.length`, 0.5);
  }
  if (is(ts.TypeFlags.StringLike) && !flagsOf(type, ts.TypeFlags.StringLike)) {
    yield putTyped(site, given, ts.isNumericLiteral(given) ? `'${text}'` : `String(${text})`, isList ? 0.2 : 0.7);
    yield putTyped(site, given, `${operand(given)}.join('')`, 0.35);
    yield putTyped(site, given, `${operand(given)}.join(', ')`, 0.25);
  }
  if (is(ts.TypeFlags.BooleanLike)) {
    yield putTyped(site, given, `Boolean(${text})`, 0.4);
    yield putTyped(site, given, `${operand(given)} !== undefined`, 0.35);
    yield putTyped(site, given, `${operand(given)}.length > 0`, 0.35);
  }
  if (wanted !== undefined && checker.isArrayType(wanted)) yield putTyped(site, given, `[${text}]`, 0.6);
  if (wanted !== undefined && checker.isArrayType(wanted)) yield putTyped(site, given, `[...${text}]`, 0.5);
  if (wanted !== undefined && wanted.getCallSignatures().length > 0) yield putTyped(site, given, `() => ${text}`, 0.6);
  if (isList) yield putTyped(site, given, `${operand(given)}[0]`, 0.3);
  const name = wanted?.symbol?.name;
  if (name === 'Date' || name === 'Set' || name === 'Map' || name === 'URL') yield putTyped(site, given, `new ${name}(${text})`, 0.6);
  if (name === 'Promise') yield putTyped(site, given, `Promise.resolve(${text})`, 0.4);
}

/** Values of a union of literals, or of an enum, the likest first. */
function* literals(site: TypeSite, given: ts.Expression, wanted: ts.Type): Generator<TypeEdit> {
  const types = wanted.isUnion() ? wanted.types : [wanted];
  const now = ts.isStringLiteralLike(given) ? given.text : given.getText();
  const quote = given.getText()[0] === '"' ? '"' : "'";
  const offers = types.flatMap((type): [string, number][] => {
    if (type.flags & ts.TypeFlags.EnumLiteral) return [[site.checker.typeToString(type), 0.6]];
    if (type.isStringLiteral()) return [[`${quote}${type.value}${quote}`, 0.3 + 0.6 * nameSimilarity(type.value, now)]];
    return type.isNumberLiteral() ? [[String(type.value), 0.4]] : [];
  });
  for (const [text, naturalness] of offers.sort((a, b) => b[1] - a[1]).slice(0, 8)) yield putTyped(site, given, text, naturalness);
}

function membersOfType(type: ts.Type, wanted: ts.Type, checker: ts.TypeChecker): string[] {
  return checker
    .getPropertiesOfType(checker.getNonNullableType(type))
    .filter((property) => property.declarations?.some((one) => !one.getSourceFile().isDeclarationFile) === true)
    .filter((property) => checker.isTypeAssignableTo(checker.getTypeOfSymbol(property), wanted))
    .map(({ name }) => name)
    .slice(0, 6);
}

function flagsOf(type: ts.Type, flags: ts.TypeFlags): boolean {
  return (type.flags & flags) !== 0 || (type.isUnion() && type.types.some((one) => (one.flags & flags) !== 0));
}
