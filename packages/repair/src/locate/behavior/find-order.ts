import { ts } from 'ts-morph';
import { isAsync } from '../../codebase/code-index.ts';
import { resolveFunctions } from '../../codebase/resolve-callee.ts';
import { descendants } from '../../codebase/syntax/parse-source.ts';
import { locationOf, textOf } from '../code-view.ts';
import type { Finding, Json } from '../finding.ts';
import { type BehaviorScene, codeScores, documentScores } from './behavior-scene.ts';
import { movedSteps } from './order.ts';
import type { StepSite } from './step-sites.ts';

/** Why steps ran in another order than expected: the code calls them so, does not await one, or the document says so. */
export function findOrderFaults(scene: BehaviorScene): Finding[] {
  return [...codeOrder(scene), ...missingAwaits(scene), ...documentOrder(scene)];
}

function codeOrder(scene: BehaviorScene): Finding[] {
  const { code, details, view } = scene;
  if (code === undefined) return [];
  const order = code.sites.map((site) => site.step);
  const moved = movedSteps(details.expected, order);
  const [first] = moved;
  const site = code.sites.find((one) => one.step === first);
  if (first === undefined || site === undefined) return [];
  const sameAsSeen = movedSteps(details.seen.steps, order).length === 0;
  const at = locationOf(view, site.node);
  const why = sameAsSeen ? 'the code calls the steps in the very order that was seen' : 'the code calls steps out of order';
  return [
    {
      category: 'declared-order-violated',
      location: at,
      expression: textOf(site.node),
      explanation: `\`${first}\` is run out of order: expected ${details.expected.join(', ')}`,
      data: orderData(scene, code.file.path, first, moved, code.sites.map(toSite)),
      facts: [{ statement: `the code runs ${[...new Set(order)].join(', ')}`, kind: 'code', at }],
      guesses: [],
      scores: codeScores(scene, site.node, sameAsSeen ? 1 : 0.7, why),
    },
  ];
}

function toSite(site: StepSite): Record<string, Json> {
  return { step: site.step, line: site.line, endLine: site.endLine, text: textOf(site.node, 2_000) };
}

function orderData(
  scene: BehaviorScene,
  file: string,
  moved: string,
  movedAll: string[],
  callSites: Record<string, Json>[],
): Record<string, Json> {
  const { details } = scene;
  return {
    flow: details.flow,
    declared: [...details.expected],
    seen: [...details.seen.steps],
    moved,
    movedAll,
    file,
    callSites,
    expectedFrom: details.expectedFrom,
  };
}

/** A step that is started and not awaited lets the next ones overtake it. */
function missingAwaits(scene: BehaviorScene): Finding[] {
  const { code, view, details } = scene;
  if (code === undefined) return [];
  const concerned = new Set([...details.steps, ...movedSteps(details.expected, details.seen.steps)]);
  return code.sites.flatMap((site): Finding[] => {
    const call = unawaitedCall(scene, site);
    if (call === undefined) return [];
    const at = locationOf(view, call);
    const fits = concerned.has(site.step);
    return [
      {
        category: 'missing-await',
        location: at,
        expression: textOf(call),
        explanation: `\`${textOf(call, 100)}\` is started but not awaited, so later steps overtake \`${site.step}\``,
        data: { call: textOf(call, 2_000), step: site.step, flow: details.flow },
        facts: [{ statement: `\`${textOf(call, 100)}\` stands without \`await\``, kind: 'code', at }],
        guesses: [],
        scores: codeScores(
          scene,
          call,
          fits ? 0.95 : 0.6,
          fits ? 'the step that is not awaited is one that was seen out of order' : 'a step is not awaited',
        ),
      },
    ];
  });
}

/** The async call of a site whose promise nobody takes. */
export function unawaitedCall(scene: BehaviorScene, site: StepSite): ts.CallExpression | undefined {
  if (!ts.isExpressionStatement(site.node) && !ts.isVariableStatement(site.node)) return undefined;
  for (const node of descendants(site.node)) {
    if (ts.isAwaitExpression(node) || ts.isReturnStatement(node)) return undefined;
    if (!ts.isCallExpression(node) || !ts.isExpressionStatement(node.parent)) continue;
    const called = resolveFunctions(scene.view.index, site.file, node.expression);
    if (called.length > 0 ? called.every((one) => isAsync(one.node)) : isAwaitedElsewhere(scene, node)) return node;
  }
  return undefined;
}

/** Another step is awaited by the very same call: `await run('a', ...)` beside `run('b', ...)`. */
function isAwaitedElsewhere(scene: BehaviorScene, call: ts.CallExpression): boolean {
  const callee = call.expression.getText();
  return (scene.code?.sites ?? []).some((site) =>
    [...descendants(site.node)].some(
      (node) => ts.isAwaitExpression(node) && ts.isCallExpression(node.expression) && node.expression.expression.getText() === callee,
    ),
  );
}

/** The document itself was put out of order: expected comes from what ran before, or from a newer document than the code. */
function documentOrder(scene: BehaviorScene): Finding[] {
  const { declared, details, code } = scene;
  if (declared === undefined) return [];
  const nameOf = (step: { event?: string | undefined; handler?: string | undefined }) =>
    details.expected.find((name) => name === step.event || name === step.handler) ?? step.handler ?? step.event ?? '';
  const documented = declared.steps.map(nameOf);
  const wanted = details.expectedFrom === 'learned' ? details.expected : details.seen.steps;
  const moved = movedSteps(wanted, documented);
  const [first] = moved;
  const step = declared.steps[documented.indexOf(first ?? '')];
  if (first === undefined || step === undefined) return [];
  const followsDocument = code === undefined;
  const codeAgrees =
    code !== undefined &&
    movedSteps(
      documented,
      code.sites.map((site) => site.step),
    ).length === 0;
  if (codeAgrees && details.expectedFrom === 'declared') return [];
  const match = details.expectedFrom === 'learned' ? 0.95 : followsDocument ? 0.3 : 0.5;
  const sites = declared.steps.map((one, position) => ({ step: documented[position] ?? '', line: one.line, endLine: one.line }));
  return [
    {
      category: 'declared-order-violated',
      location: { file: declared.file, line: step.line },
      expression: first,
      explanation: `the document ${declared.file} puts \`${first}\` where ${details.expectedFrom === 'learned' ? 'it never ran before' : 'the code does not run it'}`,
      data: { ...orderData(scene, declared.file, first, moved, sites), declared: [...wanted], document: true },
      facts: [
        { statement: `${declared.file} declares ${documented.join(', ')}`, kind: 'code', at: { file: declared.file, line: step.line } },
      ],
      guesses: ['the document is wrong, not the code'],
      scores: documentScores(scene, declared.file, match, followsDocument ? 'the code follows the document' : 'code and document disagree'),
    },
  ];
}
