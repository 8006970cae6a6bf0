import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { enclosingFunction } from '../../codebase/code-index.ts';
import { descendants, isFunctionNode } from '../../codebase/syntax/parse-source.ts';
import { locationOf, textOf, withCallees } from '../code-view.ts';
import type { Finding } from '../finding.ts';
import { findOperation } from '../operation-function.ts';
import { findWaits } from '../performance/waiting.ts';
import { type BehaviorScene, codeScores, documentScores } from './behavior-scene.ts';
import { unawaitedCall } from './find-order.ts';

const CALL_DEPTH = 2;

/** What makes a flow wait: a pause in the code that runs it or in a step, or a timing that the document declares. */
export function findWaitFaults(scene: BehaviorScene): Finding[] {
  return [...codeWaits(scene), ...documentWaits(scene)];
}

function codeWaits(scene: BehaviorScene): Finding[] {
  const waited = scene.details.waitMs;
  return concernedFunctions(scene).flatMap(({ one, depth }) =>
    findWaits(scene.view, one).map((pattern): Finding => {
      const ms = typeof pattern.data.ms === 'number' && pattern.data.ms > 0 ? pattern.data.ms : undefined;
      const fit = fitOfWait(ms, waited);
      return {
        category: 'unexplained-wait',
        location: locationOf(scene.view, pattern.node),
        expression: pattern.expression,
        explanation: `${pattern.explanation}; the flow waits ${waited === undefined ? 'too long' : `${Math.round(waited)} ms`} that no step explains`,
        data: { ...pattern.data, flow: scene.details.flow, file: one.file.path },
        facts: [{ statement: pattern.explanation, kind: 'code', at: locationOf(scene.view, pattern.node) }],
        guesses: ['this pause is not needed'],
        scores: codeScores(
          scene,
          pattern.node,
          Math.max(0.2, fit - 0.1 * depth),
          ms === undefined ? 'its length is not written down' : `${ms} ms in the code`,
        ),
      };
    }),
  );
}

/** 1 where the pause is about as long as the wait that was seen. */
function fitOfWait(ms: number | undefined, waited: number | undefined): number {
  if (ms === undefined || waited === undefined || waited <= 0) return 0.6;
  const ratio = Math.min(ms, waited) / Math.max(ms, waited);
  return 0.4 + 0.6 * ratio;
}

/** The code that runs the flow, the functions of its steps, and what these call. */
function concernedFunctions(scene: BehaviorScene): { one: CodeFunction; depth: number }[] {
  const starts: CodeFunction[] = [];
  const runner = scene.code && enclosingFunction(scene.view.index, scene.code.container);
  if (runner !== undefined) starts.push(runner);
  const flow = functionNamed(scene, scene.details.flow);
  if (flow !== undefined) starts.push(flow);
  for (const step of scene.details.steps.length > 0 ? scene.details.steps : scene.details.expected) {
    for (const name of scene.names.get(step) ?? []) {
      const one = functionNamed(scene, name);
      if (one !== undefined) starts.push(one);
    }
  }
  const found = new Map<string, { one: CodeFunction; depth: number }>();
  for (const start of starts) {
    for (const reached of withCallees(scene.view, start, CALL_DEPTH)) {
      const known = found.get(reached.one.id);
      if (known === undefined || known.depth > reached.depth) found.set(reached.one.id, reached);
    }
  }
  return [...found.values()];
}

function functionNamed(scene: BehaviorScene, name: string): CodeFunction | undefined {
  const one = scene.view.functionById.get(findOperation(scene.view.codebase, name)?.functionId ?? '');
  return one !== undefined && scene.view.file(one.file.path) !== undefined ? one : undefined;
}

function documentWaits(scene: BehaviorScene): Finding[] {
  const { declared, details } = scene;
  return (declared?.steps ?? []).flatMap((step): Finding[] => {
    const ms = step.waitMs;
    if (declared === undefined || ms === undefined) return [];
    const name = step.handler ?? step.event ?? '';
    const concerned = details.steps.includes(step.handler ?? '') || details.steps.includes(step.event ?? '');
    return [
      {
        category: 'wrong-timing',
        location: { file: declared.file, line: step.line },
        expression: step.timing ?? `${ms} ms`,
        explanation: `${declared.file} makes \`${name}\` wait ${ms} ms (${step.timing ?? 'declared wait'})`,
        data: {
          flow: details.flow,
          step: name,
          waitLine: step.line,
          ms,
          file: declared.file,
          document: true,
          ...(step.timing === undefined ? {} : { timing: step.timing }),
        },
        facts: [
          {
            statement: `the document declares a wait of ${ms} ms before \`${name}\``,
            kind: 'code',
            at: { file: declared.file, line: step.line },
          },
        ],
        guesses: ['the declared timing is wrong'],
        scores: documentScores(scene, declared.file, fitOfWait(ms, details.waitMs) * (concerned ? 1 : 0.7), `${ms} ms declared`),
      },
    ];
  });
}

/** Why a step begins and never ends: its promise is dropped, or one is made that nothing settles. */
export function findStuckSteps(scene: BehaviorScene): Finding[] {
  const { details, view, code } = scene;
  const stuck = details.steps.length > 0 ? details.steps : details.seen.steps.slice(-1);
  const dropped = (code?.sites ?? [])
    .filter((site) => stuck.includes(site.step))
    .flatMap((site): Finding[] => {
      const call = unawaitedCall(scene, site);
      if (call === undefined) return [];
      const at = locationOf(view, call);
      return [
        {
          category: 'missing-await',
          location: at,
          expression: textOf(call),
          explanation: `\`${textOf(call, 100)}\` is not awaited, so \`${site.step}\` may never end within the flow`,
          data: { call: textOf(call, 2_000), step: site.step, flow: details.flow },
          facts: [{ statement: `\`${textOf(call, 100)}\` stands without \`await\``, kind: 'code', at }],
          guesses: [],
          scores: codeScores(scene, call, 0.9, 'the step that is stuck is not awaited'),
        },
      ];
    });
  return [...dropped, ...stuck.flatMap((step) => unsettledPromises(scene, step))];
}

function unsettledPromises(scene: BehaviorScene, step: string): Finding[] {
  const start = [...(scene.names.get(step) ?? [])].map((name) => functionNamed(scene, name)).find((one) => one !== undefined);
  if (start === undefined) return [];
  const made = withCallees(scene.view, start, 1).flatMap(({ one }) => [...descendants(one.node.body)].filter(isUnsettled));
  const nodes: ts.Node[] = made.length > 0 ? made : [start.node];
  return nodes.map(
    (node): Finding => ({
      category: 'unknown',
      location: locationOf(scene.view, node),
      expression: textOf(node),
      explanation: made.length > 0 ? `the promise \`${textOf(node, 80)}\` can stay unsettled` : `\`${step}\` begins here and does not end`,
      data: { kind: made.length > 0 ? 'unsettled-promise' : 'stuck', step, flow: scene.details.flow },
      facts: [],
      guesses: [],
      scores: codeScores(
        scene,
        node,
        made.length > 0 ? 0.7 : 0.3,
        made.length > 0 ? 'it is settled on some ways only' : 'the step that is stuck',
      ),
    }),
  );
}

/** `new Promise((done, fail) => ...)` whose error way does nothing: only one of the two is ever called. */
function isUnsettled(node: ts.Node): node is ts.NewExpression {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'Promise') return false;
  const executor = node.arguments?.[0];
  if (executor === undefined || !isFunctionNode(executor)) return false;
  const [resolve, reject] = executor.parameters.map((parameter) => parameter.name.getText());
  const text = executor.body.getText();
  const uses = (name: string | undefined) => name !== undefined && new RegExp(`\\b${name.replace(/\$/g, '\\$')}\\b`).test(text);
  return !uses(resolve) || (/\bif\b/.test(text) && !uses(reject));
}
