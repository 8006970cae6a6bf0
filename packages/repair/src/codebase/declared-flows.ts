import { matchesGlob, posix } from 'node:path';
import type { DeclaredFlow } from '@selfheal/contracts';
import { items, type JsonNode, member, number, parseJsonWithLines, text } from './json-positions.ts';
import { sourceKind } from './source-kind.ts';

const DEFAULT_TEMPO = 120;

/**
 * The flows that the repository declares: JSON documents with movements of beats, or workflows with steps. `globs` names the
 * files; empty means all JSON of the repository. Documents of any other shape are passed over.
 */
export function findDeclaredFlows(files: Readonly<Record<string, string>>, globs: readonly string[]): DeclaredFlow[] {
  const flows: DeclaredFlow[] = [];
  for (const [path, content] of Object.entries(files)) {
    if (sourceKind(path) !== 'json' || (globs.length > 0 && !globs.some((glob) => matchesGlob(path, glob)))) continue;
    if (!/"(?:beats|movements|steps)"/.test(content)) continue;
    const document = parseJsonWithLines(path, content);
    const flow = document && readFlow(path, document);
    if (flow !== undefined && flow.steps.length > 0) flows.push(flow);
  }
  return flows;
}

type Step = DeclaredFlow['steps'][number];

function readFlow(file: string, document: JsonNode): DeclaredFlow | undefined {
  const inner = member(document, 'definition') ?? document;
  const id =
    text(member(document, 'id')) ??
    text(member(document, 'workflow_id')) ??
    text(member(document, 'name')) ??
    posix.basename(file, '.json');
  const movements = items(member(inner, 'movements'));
  if (movements.length > 0) {
    const tempo = number(member(inner, 'tempo')) ?? DEFAULT_TEMPO;
    return {
      id,
      file,
      steps: movements.flatMap((movement) =>
        items(member(movement, 'beats')).flatMap((beat) => readBeat(beat, number(member(movement, 'tempo')) ?? tempo)),
      ),
    };
  }
  const beats = items(member(inner, 'beats'));
  if (beats.length > 0)
    return { id, file, steps: beats.flatMap((beat) => readBeat(beat, number(member(inner, 'tempo')) ?? DEFAULT_TEMPO)) };
  const isWorkflow = member(document, 'workflow_id') !== undefined || member(inner, 'trigger') !== undefined;
  return isWorkflow ? { id, file, steps: items(member(inner, 'steps')).flatMap(readWorkflowStep) } : undefined;
}

function readBeat(beat: JsonNode, tempo: number): Step[] {
  const handler = text(member(beat, 'handler')) ?? text(member(member(beat, 'handler'), 'name'));
  const event = text(member(beat, 'event'));
  if (handler === undefined && event === undefined) return [];
  const timing = text(member(beat, 'timing'));
  const waitMs = readWait(beat, timing, tempo);
  const budgetMs = firstNumber(beat, [
    'budgetMs',
    'expectedMs',
    'expectedDurationMs',
    'maxDurationMs',
    'sloMs',
    'budget',
    'expectedDuration',
  ]);
  return [
    {
      ...(event === undefined ? {} : { event }),
      ...(handler === undefined ? {} : { handler }),
      ...(timing === undefined ? {} : { timing }),
      line: beat.line,
      ...(budgetMs === undefined ? {} : { budgetMs }),
      ...(waitMs === undefined ? {} : { waitMs }),
    },
  ];
}

/** An after-beat waits one beat of the tempo: 60 / tempo seconds. */
function readWait(beat: JsonNode, timing: string | undefined, tempo: number): number | undefined {
  const declared = firstNumber(beat, ['waitMs', 'delayMs', 'delay', 'wait']);
  if (declared !== undefined) return declared;
  return timing === 'after-beat' && tempo > 0 ? Math.round(60_000 / tempo) : undefined;
}

function firstNumber(node: JsonNode, names: readonly string[]): number | undefined {
  for (const name of names) {
    const found = number(member(node, name));
    if (found !== undefined && found > 0) return found;
  }
  return undefined;
}

function readWorkflowStep(step: JsonNode): Step[] {
  const id = text(member(step, 'id')) ?? text(member(step, 'name'));
  const action = text(member(member(step, 'action'), 'action')) ?? text(member(step, 'handler'));
  if (id === undefined && action === undefined) return [];
  return [{ ...(id === undefined ? {} : { event: id }), ...(action === undefined ? {} : { handler: action }), line: step.line }];
}
