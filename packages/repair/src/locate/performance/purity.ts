import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { isAsync } from '../../codebase/code-index.ts';
import { resolveFunctions } from '../../codebase/resolve-callee.ts';
import { descendants, isFunctionNode } from '../../codebase/syntax/parse-source.ts';
import { lookup } from '../../codebase/syntax/scope.ts';
import type { CodeView } from '../code-view.ts';
import { MUTATORS, namesWritten } from '../data-flow.ts';

const MAX_DEPTH = 4;
/** Global functions and namespaces whose calls depend on their arguments alone. */
const PURE_GLOBALS =
  /^(?:Math\.(?!random)\w+|Number(?:\.\w+)?|String(?:\.\w+)?|Boolean|BigInt|parseInt|parseFloat|isNaN|isFinite|JSON\.\w+|Object\.(?:keys|values|entries|fromEntries|freeze)|Array\.(?:isArray|from|of)|Symbol|encodeURIComponent|decodeURIComponent|structuredClone)$/;
/** Methods of the language that change nothing. */
const PURE_METHODS = new Set(
  (
    'at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast flat flatMap forEach get has includes indexOf join keys lastIndexOf localeCompare map match ' +
    'matchAll normalize padEnd padStart reduce reduceRight repeat replace replaceAll search slice some split startsWith substring test exec toFixed toLowerCase toUpperCase ' +
    'toISOString toSorted toReversed toString trim trimEnd trimStart values valueOf getTime getFullYear getMonth getDate getDay getHours getMinutes'
  ).split(' '),
);
const PURE_CLASSES = /^(?:Set|Map|Array|Date|RegExp|Intl\.\w+|Error|TypeError|RangeError)$/;

/**
 * Whether a function's result depends on its arguments alone and calling it changes nothing outside. Errs on the side of no.
 */
export function isPure(view: CodeView, one: CodeFunction, depth = 0): boolean {
  if (isAsync(one.node) || depth > MAX_DEPTH) return false;
  if (namesWrittenOutside(one)) return false;
  for (const node of descendants(one.node.body, (at) => !ts.isTypeNode(at))) {
    if (node.kind === ts.SyntaxKind.ThisKeyword || ts.isAwaitExpression(node) || ts.isYieldExpression(node) || ts.isDeleteExpression(node))
      return false;
    if (ts.isCallExpression(node) && !isPureCall(view, one, node, depth)) return false;
    if (ts.isNewExpression(node) && !isPureConstruction(node)) return false;
    if (ts.isIdentifier(node) && (node.text === 'process' || node.text === 'globalThis')) return false;
  }
  return true;
}

/** Whether a call gives the same result for the same arguments and changes nothing. */
export function isPureCall(view: CodeView, around: CodeFunction, call: ts.CallExpression, depth = 0): boolean {
  const callee = call.expression;
  if (PURE_GLOBALS.test(callee.getText())) return true;
  const called = resolveFunctions(view.index, around.file, callee);
  if (called.length > 0) return called.every((one) => one !== around && isPure(view, one, depth + 1));
  if (ts.isPropertyAccessExpression(callee)) return PURE_METHODS.has(callee.name.text) || MUTATORS.has(callee.name.text); // what they change is judged with the other writes
  // A function given as an argument or made locally: its own body is looked at where it is written.
  const declared = ts.isIdentifier(callee) ? lookup(callee.text, callee) : undefined;
  return (
    declared !== undefined &&
    ts.isVariableDeclaration(declared) &&
    declared.initializer !== undefined &&
    isFunctionNode(declared.initializer)
  );
}

function isPureConstruction(made: ts.NewExpression): boolean {
  const name = made.expression.getText();
  return PURE_CLASSES.test(name) && !(name === 'Date' && (made.arguments?.length ?? 0) === 0);
}

/** Writes to names of outer scopes, or into objects that came from outside: parameters, items of lists, what a field or name held. */
function namesWrittenOutside(one: CodeFunction): boolean {
  const own = new Set<string>();
  for (const node of descendants(one.node.body)) {
    if (ts.isVariableDeclaration(node) && isMadeHere(node)) for (const name of boundNames(node.name)) own.add(name);
    const accumulator = accumulatorOf(node);
    if (accumulator !== undefined) own.add(accumulator);
  }
  return [...namesWritten(one.node.body)].some((name) => !own.has(name) && !isReadOnlyName(one, name));
}

/** Declared without a value, or with one that is new: writing into it changes nothing outside. */
function isMadeHere({ initializer, parent }: ts.VariableDeclaration): boolean {
  if (initializer === undefined) return !ts.isForOfStatement(parent.parent) && !ts.isForInStatement(parent.parent);
  return !ts.isIdentifier(initializer) && !ts.isPropertyAccessExpression(initializer) && !ts.isElementAccessExpression(initializer);
}

/** The first parameter of a callback of `reduce`, which holds what the reduction itself makes. */
function accumulatorOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !/\.reduce(?:Right)?$/.test(node.expression.getText())) return undefined;
  const [callback] = node.arguments;
  const first = callback && isFunctionNode(callback) ? callback.parameters[0]?.name : undefined;
  return first && ts.isIdentifier(first) ? first.text : undefined;
}

/** `namesWritten` also lists what is declared; a name that is only declared is not written. */
function isReadOnlyName(one: CodeFunction, name: string): boolean {
  return ![...descendants(one.node.body)].some((node) => ts.isIdentifier(node) && node.text === name && isTarget(node));
}

function isTarget(name: ts.Identifier): boolean {
  let at: ts.Node = name;
  while (ts.isPropertyAccessExpression(at.parent) || ts.isElementAccessExpression(at.parent)) {
    if (at.parent.expression !== at) return false;
    at = at.parent;
  }
  const { parent } = at;
  if (ts.isBinaryExpression(parent))
    return (
      parent.left === at &&
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    );
  if (ts.isCallExpression(parent))
    return parent.expression === at && at !== name && ts.isPropertyAccessExpression(at) && MUTATORS.has(at.name.text);
  if (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)) {
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  }
  return ts.isDeleteExpression(parent);
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
