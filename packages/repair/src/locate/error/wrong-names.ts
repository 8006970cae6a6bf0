import { ts } from 'ts-morph';
import { shortName } from '../../codebase/code-index.ts';
import { lineOf, unwrap } from '../../codebase/syntax/parse-source.ts';
import { lookup, namesInScope } from '../../codebase/syntax/scope.ts';
import { type CodeView, locationOf, textOf } from '../code-view.ts';
import type { Finding } from '../finding.ts';
import { nameSimilarity, nearestNames } from '../near-names.ts';
import { traceOrigin } from '../trace-origin.ts';
import { type ErrorScene, findHits, type Hit, scoresOf } from './error-scene.ts';
import type { ErrorShape } from './error-shape.ts';
import { missingAwait } from './origin-findings.ts';

const GLOBALS = Object.getOwnPropertyNames(globalThis);

/** `x is not defined`: a misspelt name, or one that another module exports and nobody imported. */
export function findUndefinedNames(scene: ErrorScene, shape: Extract<ErrorShape, { kind: 'not-defined' }>): Finding[] {
  const accepts = (node: ts.Node): node is ts.Identifier =>
    ts.isIdentifier(node) && node.text === shape.name && isUse(node) && (shape.early || lookup(node.text, node) === undefined);
  return findHits(scene, accepts).map((hit) => undefinedName(scene, hit, shape.early));
}

function isUse(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  return !(ts.isPropertyAssignment(parent) && parent.name === name) && !ts.isBindingElement(parent) && !ts.isTypeNode(parent);
}

function undefinedName(scene: ErrorScene, hit: Hit<ts.Identifier>, early: boolean): Finding {
  const name = hit.node.text;
  const near = nearestNames(name, [...namesInScope(hit.node).keys(), ...GLOBALS]);
  const exporters = exportersOf(scene.view, name, hit.node.getSourceFile().fileName);
  const why = early
    ? `\`${name}\` is used before the line that declares it`
    : exporters.length > 0
      ? `\`${name}\` is exported by ${exporters[0]} but not imported here`
      : near.length > 0
        ? `\`${name}\` is declared nowhere; \`${near[0]}\` is nearest`
        : `\`${name}\` is declared nowhere`;
  return {
    category: 'wrong-identifier',
    location: locationOf(scene.view, hit.node),
    expression: name,
    explanation: why,
    data: { name, near, exportedFrom: exporters, early },
    facts: [{ statement: why, kind: 'code', at: locationOf(scene.view, hit.node) }],
    guesses: near[0] === undefined ? [] : [`\`${near[0]}\` was meant`],
    scores: scoresOf(scene, hit, { factor: 1.05, why: 'the message names it' }),
  };
}

/** Production files that export a name. */
function exportersOf(view: CodeView, name: string, except: string): string[] {
  return [...view.index.files.values()]
    .filter((file) => !file.test && file.path !== except && file.facts.exports.has(name))
    .map((file) => file.path);
}

/** `x.y is not a function`: a misspelt method, a promise taken for its value, or a value that may be missing. */
export function findUncallable(scene: ErrorScene, shape: Extract<ErrorShape, { kind: 'not-a-function' }>): Finding[] {
  const wanted = shape.subject.replace(/\s+/g, ' ').replace(/\(intermediate value\)(?:\([^)]*\))*/g, '…');
  const accepts = (node: ts.Node): node is ts.CallExpression | ts.NewExpression =>
    (ts.isCallExpression(node) || ts.isNewExpression(node)) && ts.isNewExpression(node) === shape.constructed && isSameCallee(node, wanted);
  return findHits(scene, accepts, anchorOf).flatMap((hit) => uncallable(scene, hit));
}

function anchorOf(call: ts.CallExpression | ts.NewExpression): ts.Node {
  return ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
}

/** V8 prints the callee without its inner arguments: `load(...).map`, `(intermediate value).map`. */
function isSameCallee(call: ts.CallExpression | ts.NewExpression, wanted: string): boolean {
  const callee = unwrap(call.expression);
  const text = textOf(callee).replace(/\?\./g, '.');
  if (text === wanted || plain(text) === plain(wanted)) return true;
  const member = /\.([\w$]+)$/.exec(wanted)?.[1];
  const isVague = wanted.startsWith('…') || wanted.includes('(...)');
  return isVague && member !== undefined && ts.isPropertyAccessExpression(callee) && callee.name.text === member;
}

/** Arguments taken out of calls: `a(1).b` and `a(...).b` are the same. */
function plain(text: string): string {
  let at = text;
  for (let before = ''; before !== at; ) {
    before = at;
    at = at.replace(/\([^()]*\)/g, '');
  }
  return at;
}

function uncallable(scene: ErrorScene, hit: Hit<ts.CallExpression | ts.NewExpression>): Finding[] {
  const callee = unwrap(hit.node.expression);
  const file = scene.view.index.files.get(hit.node.getSourceFile().fileName);
  if (file === undefined) return [];
  const shown = textOf(callee);
  const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  const origin = traceOrigin(scene.view, file, receiver);
  const found: Finding[] = [];
  if (origin.kind === 'promise' && origin.call !== undefined) found.push(missingAwait(scene, hit, origin.call));
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : shown;
  const near = ts.isPropertyAccessExpression(callee) ? nearMethods(scene.view, name) : nearestNames(name, namesInScope(callee).keys());
  const [best] = near;
  const at = locationOf(scene.view, hit.node);
  if (best !== undefined && nameSimilarity(name, best) >= 0.75) {
    found.push({
      category: 'wrong-identifier',
      location: at,
      expression: shown,
      explanation: `nothing called \`${name}\` can be called there; \`${best}\` exists`,
      data: { name, near, expression: shown, member: ts.isPropertyAccessExpression(callee) },
      facts: [{ statement: `\`${shown}\` is called on line ${lineOf(hit.node)}`, kind: 'code', at }],
      guesses: [`\`${best}\` was meant`],
      scores: scoresOf(scene, hit, { factor: 1.08, why: `\`${best}\` is nearly the same name` }),
    });
  }
  found.push({
    category: 'not-a-function',
    location: at,
    expression: shown,
    explanation: `\`${shown}\` is called but is no function: ${origin.note}`,
    data: {
      expression: shown,
      call: textOf(hit.node, 2_000),
      receiver: textOf(receiver),
      name,
      origin: origin.kind,
      constructed: ts.isNewExpression(hit.node),
    },
    facts: [{ statement: `\`${shown}\` is called on line ${lineOf(hit.node)}`, kind: 'code', at }],
    guesses: [`\`${shown}\` is not a function because ${origin.note}`],
    scores: scoresOf(scene, hit, { factor: 1, why: 'the message names this call' }),
  });
  return found;
}

/** Methods of the language and of the code base with nearly that name. */
function nearMethods(view: CodeView, name: string): string[] {
  const builtins = [
    Array.prototype,
    String.prototype,
    Number.prototype,
    Map.prototype,
    Set.prototype,
    Promise.prototype,
    Date.prototype,
    Object.prototype,
    Function.prototype,
  ];
  const known = new Set(builtins.flatMap((prototype) => Object.getOwnPropertyNames(prototype)));
  for (const one of view.index.functions) if (!one.file.test && one.name !== shortName(one.name)) known.add(shortName(one.name));
  return nearestNames(name, known);
}
