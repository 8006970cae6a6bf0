import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { isAsync } from '../../codebase/code-index.ts';
import { resolveFunctions } from '../../codebase/resolve-callee.ts';
import { descendants, isFunctionNode } from '../../codebase/syntax/parse-source.ts';
import { lookup } from '../../codebase/syntax/scope.ts';
import type { CodeView } from '../code-view.ts';
import { namesWritten } from '../data-flow.ts';

const MAX_DEPTH = 4;
/** Global functions and namespaces whose calls depend on their arguments alone. */
const PURE_GLOBALS =
  /^(?:Math\.(?!random)\w+|Number(?:\.\w+)?|String(?:\.\w+)?|Boolean|BigInt|parseInt|parseFloat|isNaN|isFinite|JSON\.\w+|Object\.(?:keys|values|entries|fromEntries|freeze)|Array\.(?:isArray|from|of)|Symbol|encodeURIComponent|decodeURIComponent|structuredClone)$/;
/** Methods of the language that change nothing. */
const PURE_METHODS = new Set(
  (
    'at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast flat flatMap forEach get has includes indexOf join keys lastIndexOf localeCompare map match ' +
    'matchAll normalize padEnd padStart reduce reduceRight repeat replace replaceAll search slice some split startsWith substring test exec toFixed toLowerCase toUpperCase ' +
    'toISOString toSorted toReversed toString trim trimEnd trimStart values valueOf getTime getFullYear getMonth getDate getDay getHours getMinutes push'
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
  if (ts.isPropertyAccessExpression(callee)) return PURE_METHODS.has(callee.name.text);
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

/** Writes to parameters' objects or to names of outer scopes. */
function namesWrittenOutside(one: CodeFunction): boolean {
  const own = new Set<string>();
  for (const node of descendants(one.node.body)) {
    if (ts.isVariableDeclaration(node)) for (const name of boundNames(node.name)) own.add(name);
    if (isFunctionNode(node)) for (const parameter of node.parameters) for (const name of boundNames(parameter.name)) own.add(name);
  }
  return [...namesWritten(one.node.body)].some((name) => !own.has(name));
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
