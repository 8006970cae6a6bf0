import { ts } from 'ts-morph';
import { ancestor, isFunctionNode, lineOf } from '../../codebase/syntax/parse-source.ts';
import { locationOf, textOf } from '../code-view.ts';
import type { Finding } from '../finding.ts';
import { type BehaviorScene, codeScores, documentScores } from './behavior-scene.ts';
import type { StepSite } from './step-sites.ts';

/** Why a step did not run: the code does not call it, or only under a condition. */
export function findMissingSteps(scene: BehaviorScene): Finding[] {
  const { details } = scene;
  const missing = details.steps.length > 0 ? details.steps : details.expected.filter((step) => !details.seen.steps.includes(step));
  return missing.flatMap((step) => {
    const sites = scene.code?.sites.filter((site) => site.step === step) ?? [];
    const inCode = sites.length > 0 ? sites.map((site) => skippedSite(scene, step, site)) : notCalled(scene, step);
    return [...inCode, ...notDeclared(scene, step)];
  });
}

function skippedSite(scene: BehaviorScene, step: string, site: StepSite): Finding {
  const condition = conditionOf(site);
  const at = locationOf(scene.view, condition?.node ?? site.node);
  return {
    category: 'missing-step',
    location: at,
    expression: condition?.text ?? textOf(site.node),
    explanation:
      condition === undefined ? `\`${step}\` is called here but did not run` : `\`${step}\` runs only where \`${condition.text}\``,
    data: {
      flow: scene.details.flow,
      step,
      file: site.file.path,
      line: site.line,
      called: true,
      ...(condition === undefined ? {} : { condition: condition.text }),
    },
    facts: [{ statement: `line ${site.line} calls \`${step}\``, kind: 'code', at }],
    guesses: condition === undefined ? [] : [`the condition \`${condition.text}\` is wrong`],
    scores: codeScores(
      scene,
      site.node,
      condition === undefined ? 0.35 : 0.75,
      condition === undefined ? 'nothing there explains why it is skipped' : 'it is behind a condition',
    ),
  };
}

/** A condition, or an earlier return, that keeps a statement from running. */
function conditionOf(site: StepSite): { node: ts.Node; text: string } | undefined {
  for (let at = site.node; at.parent !== undefined && !isFunctionNode(at); at = at.parent) {
    const { parent } = at;
    if (ts.isIfStatement(parent) && parent.expression !== at) return { node: parent.expression, text: textOf(parent.expression) };
    if (ts.isCatchClause(parent)) return { node: parent, text: 'an error was caught' };
    if (ts.isCaseClause(parent)) return { node: parent.expression, text: textOf(parent.expression) };
    if (ts.isBlock(parent) || ts.isSourceFile(parent)) {
      const leaving = parent.statements.find((one) => one.pos < at.pos && ts.isIfStatement(one) && leaves(one.thenStatement));
      if (leaving !== undefined && ts.isIfStatement(leaving))
        return { node: leaving.expression, text: `not (${textOf(leaving.expression)})` };
    }
  }
  return undefined;
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isBreakStatement(last) || ts.isContinueStatement(last));
}

/** The code names the steps around the missing one, and not it: it belongs between them. */
function notCalled(scene: BehaviorScene, step: string): Finding[] {
  const { code, details, view } = scene;
  if (code === undefined) return [];
  const position = details.expected.indexOf(step);
  const siteOf = (name: string) => code.sites.find((site) => site.step === name);
  const before = details.expected.slice(0, Math.max(0, position)).reverse().find(siteOf);
  const after = details.expected.slice(position + 1).find(siteOf);
  const neighbour = siteOf(before ?? '') ?? siteOf(after ?? '');
  if (neighbour === undefined) return [];
  const at = locationOf(view, neighbour.node);
  const handler = [...(scene.names.get(step) ?? [])].find((name) => view.codebase.functions.some((one) => one.name === name));
  return [
    {
      category: 'missing-step',
      location: at,
      expression: textOf(neighbour.node),
      explanation: `no code runs \`${step}\`; it belongs ${before === undefined ? `before \`${after}\`` : `after \`${before}\``}`,
      data: {
        flow: details.flow,
        step,
        file: code.file.path,
        line: neighbour.line,
        endLine: neighbour.endLine,
        called: false,
        ...(handler === undefined ? {} : { handler }),
        ...(before === undefined ? {} : { after: before }),
        ...(after === undefined ? {} : { before: after }),
        neighbour: textOf(neighbour.node, 2_000),
      },
      facts: [{ statement: `${code.file.path} runs the other steps and never \`${step}\``, kind: 'code', at }],
      guesses: [],
      scores: codeScores(scene, neighbour.node, 0.95, 'the step is called nowhere'),
    },
  ];
}

/** A document that lost the step, where what ran before had it. */
function notDeclared(scene: BehaviorScene, step: string): Finding[] {
  const { declared, details } = scene;
  if (
    declared === undefined ||
    details.expectedFrom !== 'learned' ||
    declared.steps.some((one) => one.event === step || one.handler === step)
  )
    return [];
  const position = details.expected.indexOf(step);
  const before = details.expected
    .slice(0, Math.max(0, position))
    .reverse()
    .map((name) => declared.steps.find((one) => one.event === name || one.handler === name))
    .find((one) => one !== undefined);
  const line = before?.line ?? declared.steps[0]?.line ?? 1;
  return [
    {
      category: 'missing-step',
      location: { file: declared.file, line },
      expression: step,
      explanation: `${declared.file} no longer declares \`${step}\``,
      data: { flow: details.flow, step, file: declared.file, line, document: true, called: false },
      facts: [{ statement: `earlier runs had \`${step}\``, kind: 'log' }],
      guesses: ['the step was dropped from the document by mistake'],
      scores: documentScores(scene, declared.file, 0.9, 'earlier runs had the step'),
    },
  ];
}

/** Why a step ran that nobody expects, or once too often. */
export function findExtraSteps(scene: BehaviorScene): Finding[] {
  const { code, details, view } = scene;
  const extra = details.steps.length > 0 ? details.steps : details.seen.steps.filter((step) => !details.expected.includes(step));
  return extra.flatMap((step): Finding[] => {
    const sites = code?.sites.filter((site) => site.step === step) ?? [];
    const allowed = details.expected.filter((name) => name === step).length;
    const surplus = sites.slice(allowed);
    const looped = sites.find((site) => isLooped(site));
    const suspects = surplus.length > 0 ? surplus : looped === undefined ? [] : [looped];
    return suspects.map((site): Finding => {
      const at = locationOf(view, site.node);
      const why =
        surplus.length > 0 ? `the code calls \`${step}\` ${sites.length} times, ${allowed} expected` : `\`${step}\` is called in a loop`;
      return {
        category: 'extra-step',
        location: at,
        expression: textOf(site.node),
        explanation: why,
        data: {
          flow: details.flow,
          step,
          file: site.file.path,
          line: site.line,
          endLine: site.endLine,
          statement: textOf(site.node, 2_000),
          looped: surplus.length === 0,
        },
        facts: [{ statement: `line ${lineOf(site.node)} runs \`${step}\``, kind: 'code', at }],
        guesses: [],
        scores: codeScores(scene, site.node, surplus.length > 0 ? 0.95 : 0.6, why),
      };
    });
  });
}

function isLooped(site: StepSite): boolean {
  return ancestor(site.node, (node): node is ts.IterationStatement => ts.isIterationStatement(node, false)) !== undefined;
}
