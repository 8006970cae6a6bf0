import { ts } from 'ts-morph';
import { isAsync } from '../../codebase/code-index.ts';
import { resolveFunctions } from '../../codebase/resolve-callee.ts';
import { descendants } from '../../codebase/syntax/parse-source.ts';
import { locationOf, textOf } from '../code-view.ts';
import type { Finding } from '../finding.ts';
import { type ErrorScene, scoresOf } from './error-scene.ts';
import { statementAt } from './find-expressions.ts';
import { isGuarded } from './unguarded-calls.ts';

/** The statements that the frames point at, for errors that no analyser explains: places where a search may begin. */
export function findUnexplained(scene: ErrorScene): Finding[] {
  const framed = scene.sites.slice(0, 5).flatMap((site): Finding[] => {
    const statement = statementAt(site) ?? site.function?.node;
    if (statement === undefined) return [];
    const hit = { node: statement, closeness: 0.15, rivals: 1, site, callDepth: 0 };
    return [unexplained(scene, hit, 'the stack passes here')];
  });
  if (framed.length > 0) return framed;
  return scene.served.slice(0, 3).map((one) => {
    const hit = { node: one.node, closeness: 0.12, rivals: Math.max(1, scene.served.length), site: undefined, callDepth: 0 };
    return unexplained(scene, hit, 'it served the operation that failed');
  });
}

function unexplained(scene: ErrorScene, hit: Parameters<typeof scoresOf>[1], why: string): Finding {
  return {
    category: 'unknown',
    location: locationOf(scene.view, hit.node),
    expression: textOf(hit.node),
    explanation: `the message fits no known kind of fault; ${why}`,
    data: { expression: textOf(hit.node) },
    facts: [],
    guesses: [],
    scores: scoresOf(scene, hit, { factor: 1, why }),
  };
}

/** Promises left alone: where the log speaks of an unhandled rejection, one of these let it escape. */
export function findFloatingPromises(scene: ErrorScene): Finding[] {
  const said = [scene.details.error.type, scene.message, ...scene.details.error.examples.map((example) => example.evidence.text)].join(
    '\n',
  );
  if (!/unhandled ?(?:promise ?)?rejection/i.test(said)) return [];
  return scene.sites.slice(0, 4).flatMap((site) => {
    const scope = site.function?.node ?? site.file.source;
    const floating = [...descendants(scope)].filter((node): node is ts.CallExpression => {
      if (!ts.isCallExpression(node) || !ts.isExpressionStatement(node.parent) || isGuarded(node)) return false;
      const called = resolveFunctions(scene.view.index, site.file, node.expression);
      return called.length > 0 && called.every((one) => isAsync(one.node));
    });
    return floating.map((node): Finding => {
      const at = locationOf(scene.view, node);
      return {
        category: 'unhandled-rejection',
        location: at,
        expression: textOf(node),
        explanation: `\`${textOf(node)}\` starts async work that nobody awaits or catches`,
        data: { call: textOf(node, 2_000) },
        facts: [{ statement: `\`${textOf(node)}\` is neither awaited nor followed by catch`, kind: 'code', at }],
        guesses: [],
        scores: scoresOf(
          scene,
          { node, closeness: 0.9, rivals: floating.length, site, callDepth: 0 },
          { factor: 1, why: 'the log tells of an unhandled rejection' },
        ),
      };
    });
  });
}
