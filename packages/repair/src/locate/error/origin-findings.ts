import { ts } from 'ts-morph';
import { enclosingFunction } from '../../codebase/code-index.ts';
import { ancestor, descendants, unwrap } from '../../codebase/syntax/parse-source.ts';
import { lookup } from '../../codebase/syntax/scope.ts';
import { locationOf, textOf } from '../code-view.ts';
import type { Finding, ScorePart } from '../finding.ts';
import { knownMembers } from '../known-members.ts';
import { fieldsOf } from '../logged-data.ts';
import { NEAR, nameSimilarity } from '../near-names.ts';
import type { Origin } from '../trace-origin.ts';
import { type ErrorScene, type Hit, scoresOf } from './error-scene.ts';

/** More exact causes than "a value was missing", where the origin of the value shows one. They rank by their own scores. */
export function originFindings(scene: ErrorScene, hit: Hit, origin: Origin, base: Finding): Finding[] {
  if (origin.kind === 'promise' && origin.call !== undefined) return [missingAwait(scene, hit, origin.call)];
  if (origin.kind === 'array-item') return [...loopBeyondEnd(scene, hit, origin), ...outOfBounds(origin, base)];
  if (origin.kind === 'request') return [unguardedInput(origin, base)];
  if ((origin.kind === 'field' || origin.kind === 'optional-field' || origin.kind === 'json') && origin.field !== undefined) {
    return renamedField(scene, origin, origin.field, base);
  }
  return [];
}

/** `const user = load(id); user.name`: the promise is taken for its value. */
export function missingAwait(scene: ErrorScene, hit: Hit, call: ts.CallExpression): Finding {
  const shown = textOf(call);
  return {
    category: 'missing-await',
    location: locationOf(scene.view, call),
    expression: shown,
    explanation: `\`${shown}\` gives a promise, and the code goes on without awaiting it`,
    data: { call: textOf(call, 2_000), used: textOf(hit.node) },
    facts: [{ statement: `\`${shown}\` calls an async function without \`await\``, kind: 'code', at: locationOf(scene.view, call) }],
    guesses: [],
    scores: scoresOf(scene, hit, { factor: 1.15, why: 'the value used is a promise' }),
  };
}

/** `for (let i = 0; i <= list.length; i++) list[i].x`: the condition lets the index run past the end. */
function loopBeyondEnd(scene: ErrorScene, hit: Hit, origin: Origin): Finding[] {
  const index = ts.isElementAccessExpression(origin.expression) ? unwrap(origin.expression.argumentExpression) : undefined;
  if (index === undefined || !ts.isIdentifier(index)) return [];
  const loop = ancestor(hit.node, ts.isForStatement);
  const condition = loop?.condition;
  const declared = lookup(index.text, index);
  if (condition === undefined || declared === undefined || ancestor(declared, ts.isForStatement) !== loop) return [];
  const comparison = unwrap(condition);
  if (!ts.isBinaryExpression(comparison)) return [];
  const isInclusive = comparison.operatorToken.kind === ts.SyntaxKind.LessThanEqualsToken && textOf(comparison.right).endsWith('.length');
  if (!isInclusive) return [];
  const shown = textOf(comparison);
  return [
    {
      category: 'wrong-operator',
      location: locationOf(scene.view, comparison),
      expression: shown,
      explanation: `\`${shown}\` lets \`${index.text}\` reach the length, one past the last item`,
      data: { expression: shown, array: origin.array === undefined ? '' : textOf(origin.array), index: index.text },
      facts: [{ statement: `the loop runs while \`${shown}\``, kind: 'code', at: locationOf(scene.view, comparison) }],
      guesses: [],
      scores: scoresOf(scene, hit, { factor: 1.2, why: 'the loop ends one item too late' }),
    },
  ];
}

function outOfBounds(origin: Origin, base: Finding): Finding[] {
  if (origin.array === undefined || origin.index === undefined) return [];
  const array = textOf(origin.array);
  const computed = /[+\-*/]|length|^[A-Za-z_$]/.test(origin.index) && !/^(?:pop|shift|at)$/.test(origin.index);
  return [
    {
      ...base,
      category: 'out-of-bounds',
      explanation: `\`${array}\` has no item \`${origin.index}\` for some input: ${base.explanation}`,
      data: { ...base.data, array, index: origin.index },
      scores: scaleMatch(base.scores, computed ? 1.05 : 0.97, computed ? 'the index is computed' : 'a fixed position of a list'),
    },
  ];
}

function unguardedInput(origin: Origin, base: Finding): Finding {
  return {
    ...base,
    category: 'unguarded-input',
    explanation: `${origin.note} and is used without a check`,
    data: { ...base.data, input: textOf(origin.expression) },
    scores: scaleMatch(base.scores, 0.97, 'a value of the request'),
  };
}

/** The code reads a field that neither production data nor the code that makes the object has, and one of nearly that name exists. */
function renamedField(scene: ErrorScene, origin: Origin, field: string, base: Finding): Finding[] {
  const source = loggedFields(scene, field) ?? madeFields(scene, origin, field);
  if (source === undefined) return [];
  const scored = [...source.names]
    .filter((name) => !isReadNear(scene, origin, name))
    .map((name) => ({ name, score: nameSimilarity(field, name) }))
    .filter(({ score }) => score >= NEAR)
    .sort((a, b) => b.score - a.score);
  const [best] = scored;
  if (best === undefined) return [];
  return [
    {
      ...base,
      category: 'renamed-field',
      explanation: `the code reads \`${field}\`, but ${source.said} \`${best.name}\` and never \`${field}\``,
      data: { ...base.data, from: field, to: best.name, others: scored.slice(1, 4).map(({ name }) => name) },
      facts: [...base.facts, { statement: `${source.said} \`${best.name}\` and never \`${field}\``, kind: source.kind }],
      guesses: [`\`${field}\` was renamed to \`${best.name}\``],
      scores: scaleMatch(base.scores, 0.75 + 0.4 * best.score, `names ${Math.round(best.score * 100)} % alike`),
    },
  ];
}

interface FieldSource {
  readonly names: Iterable<string>;
  readonly said: string;
  readonly kind: 'log' | 'code';
}

/** The fields of failing calls, where no call at all has the field that is read. */
function loggedFields(scene: ErrorScene, field: string): FieldSource | undefined {
  const failing = fieldsOf(scene.failing);
  if (failing.calls === 0 || failing.fields.has(field) || fieldsOf(scene.passing).fields.has(field)) return undefined;
  return { names: failing.fields.keys(), said: `${failing.calls} failing calls carry`, kind: 'log' };
}

/** The fields of the object as the code makes or types it, where the field that is read is none of them. */
function madeFields(scene: ErrorScene, origin: Origin, field: string): FieldSource | undefined {
  const read = origin.expression;
  const owner = ts.isPropertyAccessExpression(read)
    ? read.expression
    : ts.isExpression(read) && !ts.isElementAccessExpression(read)
      ? read
      : undefined;
  const names = owner && knownMembers(scene.view, origin.file, owner);
  return names === undefined || names.has(field) ? undefined : { names, said: 'the object is made with', kind: 'code' };
}

/** A field that the same function reads too has a meaning of its own. */
function isReadNear(scene: ErrorScene, origin: Origin, name: string): boolean {
  const around = enclosingFunction(scene.view.index, origin.expression)?.node ?? origin.file.source;
  return [...descendants(around)].some((node) => ts.isIdentifier(node) && node.text === name);
}

function scaleMatch(scores: readonly ScorePart[], factor: number, why: string): ScorePart[] {
  return scores.map((score) =>
    score.part === 'match' ? { ...score, value: Math.min(1, score.value * factor), why: `${score.why}; ${why}` } : score,
  );
}
