import { isPath } from '../interpreter/path.ts';
import { nearestName } from '../nearest.ts';
import type { JsonField } from './json-field.ts';
import { BEAT_SHAPES } from './own/shapes.ts';

export type DocumentFormat = 'selfheal' | 'conductor' | 'workflow' | 'builder' | 'index' | 'package-graph' | 'not-a-sequence';

/** What kind of document this is, by the properties that only that kind has. */
export function detectFormat(root: JsonField): DocumentFormat {
  if (!root.isObject) return 'not-a-sequence';
  if (isOwnSchema(root.text('$schema'))) return 'selfheal';
  if (root.get('movements')?.isArray || root.at('musicalSequence', 'movements')?.isArray || root.at('sequence', 'movements')?.isArray) {
    return isConductor(root) ? 'conductor' : 'selfheal';
  }
  if (isBuilder(root.get('definition')) || isBuilder(root)) return 'builder';
  if (isWorkflow(root)) return 'workflow';
  if (holds(root.get('sequences'), (item) => item.has('file'))) return 'index';
  if (holds(root.get('packages'), (item) => item.has('packageName'))) return 'package-graph';
  return isMisspelt(root) ? 'selfheal' : 'not-a-sequence';
}

function isOwnSchema(schema: string | undefined): boolean {
  return schema !== undefined && /(?:^|\/)sequence\.schema\.json$/.test(schema);
}

/** What only the older variants say at the top, and of a beat. */
const OLDER_ROOT: readonly string[] = [
  ...['pluginId', 'musicalSequence', 'sequence', 'sequenceId', 'tempo', 'key', 'timeSignature', 'category', 'beats'],
  ...['userStory', 'persona', 'packageName', 'domainId', 'kind', 'events', 'governance', '$schema'],
];
const OLDER_BEAT: readonly string[] = [
  ...['beat', 'number', 'dynamics', 'name', 'scenario', 'testFile', 'handlers', 'args', 'notes'],
  ...['userStory', 'acceptanceCriteria', 'acceptanceCriteriaStructured'],
];
/** What only our beats have. */
const OWN_BEAT: readonly string[] = [...Object.keys(BEAT_SHAPES).filter((form) => form !== 'handler'), 'input', 'when', 'aiRemediation'];

/** Documents with movements are ours unless something in them is only in the older variants. */
function isConductor(root: JsonField): boolean {
  const movements = root.get('movements')?.items() ?? [];
  const beats = movements.flatMap((movement) => movement.get('beats')?.items() ?? []);
  if (beats.some((beat) => OWN_BEAT.some((name) => isStructured(beat.get(name))))) return false;
  if (OLDER_ROOT.some((name) => root.has(name))) return true;
  return beats.some(
    (beat) =>
      OLDER_BEAT.some((name) => beat.has(name)) || isStructured(beat.get('handler')) || !doesSomething(beat) || hasForeignWord(beat),
  );
}

/** What ours calls by a bare name; all other forms are structured. */
function doesSomething(beat: JsonField): boolean {
  return beat.has('handler') || beat.text('sequence') !== undefined;
}

/** Our forms hold objects, lists or paths; the older variants use some of the same names for a word or a number. */
function isStructured(field: JsonField | undefined): boolean {
  return field !== undefined && (field.isObject || field.isArray || isPath(field.value));
}

const OWN_WORDS: Readonly<Record<string, readonly string[]>> = {
  kind: ['pure', 'stage-crew'],
  timing: ['immediate', 'async'],
  errorHandling: ['abort', 'continue', 'retry'],
};

/** A word of the older variants, such as kind `io`; a word like one of ours is taken for a slip of the pen. */
function hasForeignWord(beat: JsonField): boolean {
  return Object.entries(OWN_WORDS).some(([name, words]) => {
    const word = beat.text(name);
    return word !== undefined && (word === 'abort-sequence' || nearestName(word, words) === undefined);
  });
}

function isBuilder(definition: JsonField | undefined): boolean {
  return definition?.get('nodes')?.isArray === true && definition.get('edges')?.isArray === true;
}

const STEP_TYPES = ['condition', 'action', 'parallel', 'foreach', 'for_each', 'execute', 'wait'];

/** Other documents have `steps` too: ours to read are those with typed steps, or with an id of the kind. */
function isWorkflow(root: JsonField): boolean {
  const body = root.get('definition')?.isObject ? root.get('definition') : root;
  const steps = body?.get('steps');
  if (!steps?.isArray) return root.has('workflow_id');
  if (root.has('workflow_id') || body?.has('workflow_id')) return true;
  return holds(steps, (step) => STEP_TYPES.includes(step.text('type') ?? ''));
}

function holds(list: JsonField | undefined, test: (item: JsonField) => boolean): boolean {
  return (list?.items() ?? []).some(test);
}

/** `movments`: meant to be ours, so that the reader can say what is wrong. */
function isMisspelt(root: JsonField): boolean {
  return root.has('id') && [...root.properties().keys()].some((key) => nearestName(key, ['movements']) === 'movements');
}
