import { ts } from 'ts-morph';
import type { CodeFunction } from '../../codebase/code-index.ts';
import { ancestor, lineOf } from '../../codebase/syntax/parse-source.ts';
import { locationOf, textOf } from '../code-view.ts';
import type { Finding } from '../finding.ts';
import { type ErrorScene, findHits, scoresOf } from './error-scene.ts';
import { findSeparatingConditions } from './separating-conditions.ts';

/** Errors that the code throws itself: the condition before the throw, or the case that a switch does not know, may be at fault. */
export function findThrownOnPurpose(scene: ErrorScene): Finding[] {
  return findHits(scene, ts.isThrowStatement)
    .slice(0, 4)
    .flatMap((hit): Finding[] => {
      const clause = ancestor(hit.node, ts.isDefaultClause);
      const at = locationOf(scene.view, hit.node);
      const thrown = { statement: `line ${lineOf(hit.node)} throws \`${textOf(hit.node, 120)}\``, kind: 'code' as const, at };
      if (clause !== undefined) {
        const subject = textOf(clause.parent.parent.expression);
        return [
          {
            category: 'missing-case',
            location: at,
            expression: subject,
            explanation: `no case of the switch over \`${subject}\` fits, so it throws`,
            data: { expression: subject, cases: clause.parent.clauses.filter(ts.isCaseClause).map((one) => textOf(one.expression)) },
            facts: [thrown],
            guesses: [`a case for some value of \`${subject}\` is missing`],
            scores: scoresOf(scene, hit, { factor: 0.95, why: 'thrown in the default of a switch' }),
          },
        ];
      }
      const condition = ancestor(hit.node, ts.isIfStatement)?.expression;
      return [
        {
          category: 'unknown',
          location: at,
          ...(condition === undefined ? {} : { expression: textOf(condition) }),
          explanation:
            condition === undefined ? 'the code throws this itself' : `the code throws this itself where \`${textOf(condition)}\``,
          data: { kind: 'thrown', statement: textOf(hit.node, 500), ...(condition === undefined ? {} : { condition: textOf(condition) }) },
          facts: [thrown],
          guesses: condition === undefined ? [] : [`\`${textOf(condition)}\` is wrong, or a caller passes what it must not`],
          scores: scoresOf(scene, hit, { factor: 0.6, why: 'a deliberate throw: the fault may be here or at a caller' }),
        },
      ];
    });
}

/** Comparisons that tell the failing calls from the passing ones, in the functions on the stack and those that served the operation. */
export function findWrongConditions(scene: ErrorScene): Finding[] {
  const onStack = scene.sites.flatMap((site) => site.function ?? []).slice(0, 3);
  const functions: CodeFunction[] = [...new Set([...onStack, ...scene.served])];
  return functions.flatMap((one) =>
    findSeparatingConditions(one, scene.failing, scene.passing)
      .slice(0, 2)
      .map((separation): Finding => {
        const hit = {
          node: separation.node,
          closeness: separation.strength,
          rivals: 1,
          site: scene.sites.find((site) => site.function === one),
          callDepth: 0,
        };
        const shown = textOf(separation.node);
        return {
          category: 'wrong-operator',
          location: locationOf(scene.view, separation.node),
          expression: shown,
          explanation: `\`${shown}\` separates failing from passing calls: ${separation.why}`,
          data: { expression: shown, boundary: separation.boundary },
          facts: [{ statement: `for \`${shown}\`, ${separation.why}`, kind: 'log', at: locationOf(scene.view, separation.node) }],
          guesses: [`the comparison \`${shown}\` is wrong`],
          scores: scoresOf(scene, hit, { factor: separation.boundary ? 0.95 : 0.7, why: separation.why }),
        };
      }),
  );
}
