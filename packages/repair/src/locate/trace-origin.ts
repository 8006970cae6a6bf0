import { ts } from 'ts-morph';
import type { CodeFile, CodeFunction } from '../codebase/code-index.ts';
import { isAsync } from '../codebase/code-index.ts';
import { resolveFunctions } from '../codebase/resolve-callee.ts';
import { type FunctionNode, isFunctionNode, unwrap } from '../codebase/syntax/parse-source.ts';
import { lookup } from '../codebase/syntax/scope.ts';
import { type PathStep, pathWithin } from './binding-path.ts';
import { argumentsFor } from './caller-arguments.ts';
import { type CodeView, textOf } from './code-view.ts';
import { assignmentsTo, iteratedBy, loopOver } from './data-flow.ts';
import { mayReturnNothing } from './nothing-returned.ts';
import { isDeclaredOptional } from './optional-fields.ts';

export type OriginKind =
  | 'parameter'
  | 'call-result'
  | 'promise'
  | 'map-get'
  | 'lookup'
  | 'find'
  | 'match'
  | 'array-item'
  | 'loop-item'
  | 'json'
  | 'field'
  | 'optional-field'
  | 'request'
  | 'environment'
  | 'literal'
  | 'uninitialised'
  | 'lost-this'
  | 'import'
  | 'unknown';

/** Where a value came from, followed through variables, destructuring and one call. */
export interface Origin {
  readonly kind: OriginKind;
  /** The expression that made the value. */
  readonly expression: ts.Node;
  readonly file: CodeFile;
  /** One sentence for a person. */
  readonly note: string;
  /** The property read, for fields: `customer` of `order.customer`. */
  readonly field?: string;
  /** The array and index, for items. */
  readonly array?: ts.Expression;
  readonly index?: string;
  /** The call whose promise was taken for its value. */
  readonly call?: ts.CallExpression;
  /** The function of the code base that made it, where that function may give nothing. */
  readonly producer?: CodeFunction;
  /** The parameter that carries it. */
  readonly parameter?: { readonly function: FunctionNode; readonly position: number; readonly name: string };
}

const MAX_STEPS = 12;

/** Follows an expression back to what made its value. `awaited` tells that the value was already awaited on the way. */
export function traceOrigin(view: CodeView, file: CodeFile, expression: ts.Expression, awaited = false, steps = 0): Origin {
  const value = unwrap(expression);
  const origin = (kind: OriginKind, note: string, more: Partial<Origin> = {}): Origin => ({ kind, expression: value, file, note, ...more });
  if (steps > MAX_STEPS) return origin('unknown', 'its origin is too far to follow');
  if (ts.isAwaitExpression(value)) return traceOrigin(view, file, value.expression, true, steps + 1);
  if (value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && value.text === 'undefined'))
    return origin('literal', `it is set to ${value.getText()}`);
  if (value.kind === ts.SyntaxKind.ThisKeyword)
    return origin('lost-this', '`this` is lost when the method is passed on without its object');
  if (ts.isIdentifier(value)) return traceName(view, file, value, awaited, steps);
  if (ts.isCallExpression(value)) return traceCall(view, file, value, awaited);
  if (ts.isPropertyAccessExpression(value)) return traceField(view, file, value, steps);
  if (ts.isElementAccessExpression(value)) return traceElement(file, value);
  if (ts.isConditionalExpression(value)) return traceBranches(view, file, value.whenTrue, [value.whenFalse], steps);
  if (ts.isBinaryExpression(value) && isFallback(value)) return traceBranches(view, file, value.right, [value.left], steps);
  return origin('unknown', `it is \`${textOf(value, 60)}\``);
}

function isFallback({ operatorToken }: ts.BinaryExpression): boolean {
  const kind = operatorToken.kind;
  return (
    kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.QuestionQuestionToken
  );
}

/** The branch that says most about how nothing can come about. */
function traceBranches(view: CodeView, file: CodeFile, first: ts.Expression, others: readonly ts.Expression[], steps: number): Origin {
  const leading = traceOrigin(view, file, first, false, steps + 1);
  const origins = [leading, ...others.map((branch) => traceOrigin(view, file, branch, false, steps + 1))];
  return origins.find((one) => one.kind === 'literal') ?? origins.find((one) => one.kind !== 'unknown') ?? leading;
}

function traceName(view: CodeView, file: CodeFile, name: ts.Identifier, awaited: boolean, steps: number): Origin {
  const declaration = lookup(name.text, name);
  const unknown: Origin = { kind: 'unknown', expression: name, file, note: `\`${name.text}\` is declared nowhere in the file` };
  if (declaration === undefined) return unknown;
  if (ts.isParameter(declaration)) return traceParameter(view, file, declaration, name, steps);
  if (ts.isVariableDeclaration(declaration)) return traceVariable(view, file, declaration, name, awaited, steps);
  if (ts.isImportClause(declaration) || ts.isImportSpecifier(declaration) || ts.isNamespaceImport(declaration)) {
    return { ...unknown, kind: 'import', note: `\`${name.text}\` is imported` };
  }
  return { ...unknown, note: `\`${name.text}\` is a declaration` };
}

function traceVariable(
  view: CodeView,
  file: CodeFile,
  declared: ts.VariableDeclaration,
  name: ts.Identifier,
  awaited: boolean,
  steps: number,
): Origin {
  const step = ts.isIdentifier(declared.name) ? undefined : pathWithin(declared.name, name.text)?.at(-1);
  const loop = iteratedBy(declared);
  if (loop !== undefined) {
    const list = traceOrigin(view, file, loop, awaited, steps + 1);
    const note = `\`${name.text}\` is an item of \`${textOf(loop, 60)}\``;
    return list.kind === 'promise' ? list : { kind: 'loop-item', expression: loop, file, note, array: loop };
  }
  const { initializer } = declared;
  if (initializer !== undefined && step === undefined) return traceOrigin(view, file, initializer, awaited, steps + 1);
  if (initializer !== undefined && step !== undefined) {
    const whole = traceOrigin(view, file, initializer, awaited, steps + 1);
    return whole.kind === 'promise' ? whole : destructured(file, initializer, step, name);
  }
  const assigned = assignmentsTo(name);
  const last = assigned.at(-1);
  if (last !== undefined) return traceBranches(view, file, last, assigned.slice(0, -1), steps);
  return { kind: 'uninitialised', expression: declared, file, note: `\`${name.text}\` is never given a value` };
}

function destructured(file: CodeFile, from: ts.Expression, step: PathStep, name: ts.Identifier): Origin {
  const source = textOf(from, 80);
  if ('index' in step) {
    const note = `\`${name.text}\` is item ${step.index} of \`${source}\`, which may have fewer items`;
    return { kind: 'array-item', expression: from, file, note, array: from, index: String(step.index) };
  }
  return {
    kind: 'field',
    expression: from,
    file,
    note: `\`${name.text}\` is the field \`${step.property}\` of \`${source}\``,
    field: step.property,
  };
}

function traceParameter(view: CodeView, file: CodeFile, parameter: ts.ParameterDeclaration, name: ts.Identifier, steps: number): Origin {
  const owner = parameter.parent;
  const step = ts.isIdentifier(parameter.name) ? undefined : pathWithin(parameter.name, name.text)?.at(-1);
  const base = { expression: parameter, file };
  const over = loopOver(owner, parameter);
  if (over !== undefined && step === undefined) {
    return { ...base, kind: 'loop-item', note: `\`${name.text}\` is an item of \`${textOf(over, 60)}\``, array: over };
  }
  if (!isFunctionNode(owner)) return { ...base, kind: 'unknown', note: `\`${name.text}\` is a parameter of a type` };
  const carried = { function: owner, position: owner.parameters.indexOf(parameter), name: name.text };
  if (step !== undefined && 'property' in step) {
    return {
      ...base,
      kind: 'field',
      note: `\`${name.text}\` is the field \`${step.property}\` of a parameter`,
      field: step.property,
      parameter: carried,
    };
  }
  const passedBy = steps === 0 ? argumentsFor(view, owner, carried.position) : [];
  const [only] = passedBy;
  if (only !== undefined && passedBy.length === 1) {
    const passed = traceOrigin(view, only.file, only.argument, false, MAX_STEPS - 3);
    if (passed.kind !== 'unknown' && passed.kind !== 'parameter')
      return { ...passed, note: `the parameter \`${name.text}\` is passed by ${only.from}: ${passed.note}`, parameter: carried };
  }
  return { ...base, kind: 'parameter', note: `\`${name.text}\` is a parameter; callers may leave it out`, parameter: carried };
}

const ITEM_METHODS = new Set(['pop', 'shift', 'at']);
const FIND_METHODS = new Set(['find', 'findLast']);

function traceCall(view: CodeView, file: CodeFile, call: ts.CallExpression, awaited: boolean): Origin {
  const shown = textOf(call, 80);
  const origin = (kind: OriginKind, note: string, more: Partial<Origin> = {}): Origin => ({ kind, expression: call, file, note, ...more });
  const called = resolveFunctions(view.index, file, call.expression);
  const [only] = called;
  if (only !== undefined) {
    if (!awaited && called.every((one) => isAsync(one.node)))
      return origin('promise', `\`${shown}\` gives a promise that is not awaited`, { call });
    const nothing = mayReturnNothing(only);
    const note =
      nothing === undefined
        ? `\`${shown}\` gave nothing`
        : `\`${shown}\` gives nothing: ${nothing.why} (${only.file.path}:${nothing.line})`;
    return origin('call-result', note, { producer: only });
  }
  if (!ts.isPropertyAccessExpression(call.expression)) return origin('call-result', `\`${shown}\` gave nothing`);
  const { name, expression: owner } = call.expression;
  if (FIND_METHODS.has(name.text)) return origin('find', `\`${shown}\` finds nothing for some input`);
  if (name.text === 'get' && call.arguments.length === 1) return origin('map-get', `\`${shown}\` has no such key for some input`);
  if (name.text === 'match' || name.text === 'exec') return origin('match', `\`${shown}\` does not match some input`);
  if (name.text === 'parse' && owner.getText() === 'JSON') return origin('json', `\`${shown}\` is parsed from text of others`);
  if (ITEM_METHODS.has(name.text))
    return origin('array-item', `\`${shown}\` is empty-handed on an empty list`, { array: owner, index: name.text });
  return origin('call-result', `\`${shown}\` gave nothing`);
}

const REQUEST_PART =
  /(?:^|\.)(?:req|request|ctx(?:\.request)?|context|c|event)\.(?:body|query|params|headers|cookies|session|user|file|files|payload)\b/;

function traceField(view: CodeView, file: CodeFile, access: ts.PropertyAccessExpression, steps: number): Origin {
  const text = access.getText();
  const field = access.name.text;
  const base = { expression: access, file, field };
  if (text.startsWith('process.env.') || text.startsWith('import.meta.env.'))
    return { ...base, kind: 'environment', note: `\`${text}\` is not set` };
  const owner = traceOrigin(view, file, access.expression, false, steps + 1);
  if (owner.kind === 'promise') return { ...owner, note: `${owner.note}; a promise has no \`${field}\`` };
  if (REQUEST_PART.test(text)) return { ...base, kind: 'request', note: `\`${text}\` comes from the client` };
  if (isDeclaredOptional(view, field)) return { ...base, kind: 'optional-field', note: `the field \`${field}\` is declared optional` };
  const more = owner.parameter === undefined ? {} : { parameter: owner.parameter };
  return { ...base, ...more, kind: 'field', note: `\`${textOf(access, 60)}\` is missing in some data` };
}

function traceElement(file: CodeFile, access: ts.ElementAccessExpression): Origin {
  const array = access.expression;
  const index = access.argumentExpression;
  const more = { expression: access, file, array, index: textOf(index, 60) };
  if (ts.isStringLiteralLike(index))
    return { ...more, kind: 'field', field: index.text, note: `\`${textOf(access, 60)}\` is missing in some data` };
  if (isNumeric(index))
    return { ...more, kind: 'array-item', note: `\`${textOf(array, 60)}\` has no item ${textOf(index, 40)} for some input` };
  return { ...more, kind: 'lookup', note: `\`${textOf(array, 60)}\` has no entry for some value of \`${textOf(index, 40)}\`` };
}

/** Numbers, counters of loops and sums: an index rather than a key. */
function isNumeric(index: ts.Expression): boolean {
  const value = unwrap(index);
  if (ts.isNumericLiteral(value) || ts.isPrefixUnaryExpression(value) || ts.isPostfixUnaryExpression(value)) return true;
  if (ts.isBinaryExpression(value)) return isNumeric(value.left) || isNumeric(value.right);
  if (ts.isPropertyAccessExpression(value)) return value.name.text === 'length';
  if (ts.isCallExpression(value)) return /^Math\.|indexOf|findIndex|Number\(|parseInt/.test(value.getText());
  if (!ts.isIdentifier(value)) return false;
  const declared = lookup(value.text, value);
  if (declared === undefined || !ts.isVariableDeclaration(declared)) return /^(?:i|j|k|n|idx|index|position|pos)$/.test(value.text);
  return declared.initializer !== undefined && isNumeric(declared.initializer);
}
