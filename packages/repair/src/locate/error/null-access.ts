import { ts } from 'ts-morph';
import { lineOf, propertyName, stringValue } from '../../codebase/syntax/parse-source.ts';
import { locationOf, textOf } from '../code-view.ts';
import type { Finding, Json } from '../finding.ts';
import { type Origin, traceOrigin } from '../trace-origin.ts';
import { type ErrorScene, findHits, type Hit, scoresOf } from './error-scene.ts';
import type { ErrorShape } from './error-shape.ts';
import { originFindings } from './origin-findings.ts';

export type AccessKind = 'read' | 'set' | 'call' | 'iterate' | 'destructure' | 'object-keys';

/** An expression that fails on undefined or null, and the part of it that must not be so. */
interface Access {
  readonly node: ts.Node;
  /** Undefined for a parameter that is taken apart where it is declared. */
  readonly receiver: ts.Expression | undefined;
  readonly property: string;
  readonly kind: AccessKind;
}

type NullShape = Extract<ErrorShape, { kind: 'null-access' | 'null-destructure' | 'null-to-object' | 'not-iterable' }>;

/** Places where undefined or null was used as an object or list, with where the value came from. */
export function findNullAccesses(scene: ErrorScene, shape: NullShape): Finding[] {
  const accesses = new Map<ts.Node, Access>();
  const accepts = (node: ts.Node): node is ts.Node => {
    const access = accessOf(node, shape);
    if (access !== undefined) accesses.set(node, access);
    return access !== undefined;
  };
  return findHits(scene, accepts, anchorOf).flatMap((hit) => {
    const access = accesses.get(hit.node);
    return access === undefined ? [] : toFindings(scene, hit, access, 'value' in shape ? shape.value : 'undefined');
  });
}

/** V8 points at the property, not at the start of the expression. */
function anchorOf(node: ts.Node): ts.Node {
  return ts.isPropertyAccessExpression(node) ? node.name : ts.isElementAccessExpression(node) ? node.argumentExpression : node;
}

function accessOf(node: ts.Node, shape: NullShape): Access | undefined {
  switch (shape.kind) {
    case 'null-access':
      if (shape.property === 'Symbol(Symbol.iterator)') return iteration(node, undefined);
      return memberAccess(node, shape.property, shape.access) ?? patternAccess(node, shape.property, undefined);
    case 'null-destructure':
      return patternAccess(node, shape.property, shape.subject);
    case 'null-to-object':
      return objectKeys(node);
    case 'not-iterable':
      return iteration(node, shape.subject);
  }
}

function memberAccess(node: ts.Node, property: string | undefined, access: 'read' | 'set'): Access | undefined {
  if ((!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) || node.questionDotToken !== undefined)
    return undefined;
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : stringValue(node.argumentExpression);
  const isIndexed = name === undefined && (property === undefined || ts.isElementAccessExpression(node));
  if (name !== undefined ? property !== undefined && name !== property : !isIndexed) return undefined;
  const isTarget =
    ts.isBinaryExpression(node.parent) && node.parent.left === node && node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if ((access === 'set') !== isTarget) return undefined;
  const kind = access === 'set' ? 'set' : ts.isCallExpression(node.parent) && node.parent.expression === node ? 'call' : 'read';
  return { node, receiver: node.expression, property: name ?? property ?? '', kind };
}

function patternAccess(node: ts.Node, property: string | undefined, subject: string | undefined): Access | undefined {
  if ((!ts.isVariableDeclaration(node) && !ts.isParameter(node)) || !ts.isObjectBindingPattern(node.name)) return undefined;
  const names = node.name.elements.map((element) => propertyName(element.propertyName ?? element.name));
  if (property !== undefined && !names.includes(property)) return undefined;
  const receiver = node.initializer;
  if (subject !== undefined && receiver !== undefined && property === undefined && textOf(receiver) !== subject) return undefined;
  if (receiver !== undefined && ts.isVariableDeclaration(node)) return { node, receiver, property: property ?? '', kind: 'destructure' };
  // A parameter taken apart: the value is what callers pass, and the pattern itself stands for it.
  return ts.isParameter(node) ? { node, receiver: undefined, property: property ?? '', kind: 'destructure' } : undefined;
}

function objectKeys(node: ts.Node): Access | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  return /^Object\.(?:keys|values|entries|getOwnPropertyNames|getPrototypeOf)$/.test(node.expression.getText()) && first
    ? { node, receiver: first, property: node.expression.getText(), kind: 'object-keys' }
    : undefined;
}

function iteration(node: ts.Node, subject: string | undefined): Access | undefined {
  const receiver = iterated(node);
  if (receiver === undefined || (subject !== undefined && textOf(receiver) !== subject && !textOf(receiver).endsWith(`.${subject}`)))
    return undefined;
  return { node: receiver, receiver, property: 'Symbol.iterator', kind: 'iterate' };
}

function iterated(node: ts.Node): ts.Expression | undefined {
  const { parent } = node;
  if (!ts.isExpression(node) || parent === undefined) return undefined;
  if (ts.isSpreadElement(parent)) return node;
  if (ts.isForOfStatement(parent) && parent.expression === node) return node;
  if (ts.isVariableDeclaration(parent) && parent.initializer === node && ts.isArrayBindingPattern(parent.name)) return node;
  const isArgument = (ts.isNewExpression(parent) || ts.isCallExpression(parent)) && parent.arguments?.[0] === node;
  return isArgument && /^(?:Map|Set|WeakMap|Promise\.\w+|Array\.from|Object\.fromEntries)$/.test(parent.expression.getText())
    ? node
    : undefined;
}

/** How readily a value of this origin is undefined or null. */
const READINESS: Readonly<Record<Origin['kind'], number>> = {
  promise: 1.05,
  'map-get': 1.05,
  find: 1.05,
  match: 1.05,
  'array-item': 1.05,
  lookup: 1.05,
  'optional-field': 1.05,
  request: 1,
  json: 1,
  literal: 1,
  uninitialised: 1,
  'call-result': 1,
  field: 1,
  parameter: 1,
  'loop-item': 0.95,
  environment: 1,
  'lost-this': 0.9,
  unknown: 0.85,
  import: 0.35,
};

function toFindings(scene: ErrorScene, hit: Hit, access: Access, value: string): Finding[] {
  const file = scene.view.index.files.get(hit.node.getSourceFile().fileName);
  if (file === undefined) return [];
  const origin = access.receiver === undefined ? patternOrigin(file, access.node) : traceOrigin(scene.view, file, access.receiver);
  const receiver = textOf(access.receiver ?? access.node);
  const shown = textOf(hit.node);
  const data: Record<string, Json> = {
    expression: textOf(hit.node, 2_000),
    receiver,
    property: access.property,
    origin: origin.kind,
    originNote: origin.note,
    accessKind: access.kind,
    value,
    originLine: lineOf(origin.expression),
    originFile: origin.file.path,
    ...(origin.field === undefined ? {} : { field: origin.field }),
    ...(origin.producer === undefined ? {} : { producer: origin.producer.id }),
  };
  const finding: Finding = {
    category: 'null-access',
    location: locationOf(scene.view, hit.node),
    expression: shown,
    explanation: `\`${shown}\` uses \`${receiver}\` where it is ${value}: ${origin.note}`,
    data,
    facts: [
      { statement: `\`${shown}\` needs \`${receiver}\`, and nothing checks it before`, kind: 'code', at: locationOf(scene.view, hit.node) },
    ],
    guesses: [`\`${receiver}\` is ${value} because ${origin.note}`],
    scores: scoresOf(scene, hit, {
      factor: READINESS[origin.kind],
      why: `the message names ${access.property === '' ? 'this access' : `\`${access.property}\``}`,
    }),
  };
  return [...originFindings(scene, hit, origin, finding), finding];
}

function patternOrigin(file: Origin['file'], parameter: ts.Node): Origin {
  return { kind: 'parameter', expression: parameter, file, note: 'it is a parameter; callers may leave it out' };
}
