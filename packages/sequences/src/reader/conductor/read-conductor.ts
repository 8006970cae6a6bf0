import type { Movement, SequencePlan } from '../../interpreter/plan.ts';
import { parseDuration } from '../duration.ts';
import type { Findings } from '../findings.ts';
import { type ForeignContext, foreignContext, slug, unsupportedOf } from '../foreign/foreign-context.ts';
import type { JsonField } from '../json-field.ts';
import { BeatNames } from '../names.ts';
import type { ReadOptions } from '../options.ts';
import { readConductorBeat } from './conductor-beat.ts';

/** Beats a minute where the document does not say. */
const DEFAULT_TEMPO = 120;

/** Reads the older sequence documents (`pluginId`, numbered beats, dynamics, tempo …) as they are. */
export function readConductor(document: JsonField, options: ReadOptions, findings: Findings): SequencePlan | undefined {
  const root = [document.get('musicalSequence'), document.get('sequence')].find((inner) => inner?.isObject) ?? document;
  const context = foreignContext(options, findings);
  const details: Record<string, unknown> = {};
  const movements = readMovements(root, tempoOf(root, findings), context, details);
  checkCount(root, movements, findings);
  const name = root.text('name') ?? root.text('title') ?? root.text('id') ?? root.text('sequenceId') ?? 'sequence';
  const [version, description] = [root.text('version'), root.text('description')];
  const timeoutMs = parseDuration(root.get('timeout')?.value);
  if (findings.hasErrors) return undefined;
  return {
    id: root.text('id') ?? root.text('sequenceId') ?? slug(name),
    name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    format: 'conductor',
    source: options.file,
    ...(timeoutMs !== undefined && { timeoutMs }),
    metadata: { ...picked(root, ['pluginId', 'tempo', 'userStory', 'packageName']), beats: details },
    movements,
    unsupported: unsupportedOf(findings),
  };
}

function readMovements(root: JsonField, tempo: number, context: ForeignContext, details: Record<string, unknown>): Movement[] {
  const ids = new BeatNames(context.findings);
  return (root.get('movements')?.items() ?? []).map((field, index) => {
    const name = field.text('name') ?? field.text('title') ?? field.text('id') ?? `movement ${index + 1}`;
    const beats = (field.get('beats')?.items() ?? []).flatMap((beat) => {
      const read = readConductorBeat(beat, tempo, context);
      for (const { id } of read) details[id] = picked(beat, DETAILS);
      return read;
    });
    return { id: ids.derive(field.text('id') ?? slug(name)), name, beats };
  });
}

const DETAILS = ['testFile', 'testCase', 'scenario', 'userStory', 'sourcePath', 'handlerPath'];
const PATHS: ReadonlySet<string> = new Set(['testFile', 'sourcePath', 'handlerPath']);

/** Some properties as they are; paths with forward slashes. */
function picked(field: JsonField, names: readonly string[]): Record<string, unknown> {
  const found = names.flatMap((name): [string, unknown][] => {
    const value = field.get(name)?.value;
    if (value === undefined) return [];
    return [[name, typeof value === 'string' && PATHS.has(name) ? value.replaceAll('\\', '/') : value]];
  });
  return Object.fromEntries(found);
}

function tempoOf(root: JsonField, findings: Findings): number {
  const place = root.get('tempo');
  if (!place) return DEFAULT_TEMPO;
  const tempo = typeof place.value === 'number' || typeof place.value === 'string' ? Number(place.value) : Number.NaN;
  if (Number.isFinite(tempo) && tempo > 0) return tempo;
  findings.add('info', 'ASSUMED', place, `the tempo is not a number of beats a minute; ${DEFAULT_TEMPO} is taken`);
  return DEFAULT_TEMPO;
}

function checkCount(root: JsonField, movements: readonly Movement[], findings: Findings): void {
  const stated = root.get('beats');
  const listed = (root.get('movements')?.items() ?? []).flatMap((movement) => movement.get('beats')?.items() ?? []).length;
  if (stated && typeof stated.value === 'number' && stated.value !== listed) {
    findings.add('info', 'ASSUMED', stated, `the document says it has ${stated.value} beats and lists ${listed}; those listed are run`);
  }
  if (movements.every(({ beats }) => beats.length === 0)) {
    findings.add('warning', 'BEAT_SKIPPED', root.get('movements')?.key ?? root, 'this sequence has no beat that can be run');
  }
}
