import { nearestName } from '../../nearest.ts';
import type { JsonField } from '../json-field.ts';
import { readApproval, readChild, readForEach, readHandler, readIf, readParallel, readStop, readWait } from './beat-forms.ts';
import type { OwnContext, ReadBeat, ReadList } from './own-context.ts';
import { readGraph } from './read-graph.ts';
import { BEAT_SHAPES, type OwnForm } from './shapes.ts';
import type { Visible } from './visible.ts';

/** Reads beats that run in order: each sees the ones before it. */
export function readList(fields: readonly JsonField[], visible: Visible, context: OwnContext): ReadList {
  let after = visible;
  const beats = fields.flatMap((field) => {
    const read = readBeat(field, after, context);
    after = read.visible;
    return read.beat ?? [];
  });
  return { beats, visible: after };
}

const FORMS: readonly string[] = Object.keys(BEAT_SHAPES);

function readBeat(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const form = formOf(field, context);
  switch (form) {
    case 'handler':
      return readHandler(field, visible, context);
    case 'if':
      return readIf(field, visible, context);
    case 'parallel':
      return readParallel(field, visible, context);
    case 'forEach':
      return readForEach(field, visible, context);
    case 'wait':
      return readWait(field, visible, context);
    case 'approval':
      return readApproval(field, visible, context);
    case 'sequence':
      return readChild(field, visible, context);
    case 'graph':
      return readGraph(field, visible, context);
    case 'stop':
      return readStop(field, visible, context);
    case undefined:
      return { beat: undefined, visible };
  }
}

function formOf(field: JsonField, { findings }: OwnContext): OwnForm | undefined {
  if (!field.isObject) {
    findings.add('error', 'VALUE_INVALID', field, 'a beat is an object', { expected: `an object with one of ${FORMS.join(', ')}` });
    return undefined;
  }
  const keys = [...field.properties().keys()];
  const form = keys.find(isForm);
  if (form) return form;
  const meant = keys.map((key) => ({ key, nearest: nearestName(key, FORMS) })).find(({ nearest }) => nearest !== undefined);
  const place = meant ? (field.get(meant.key)?.key ?? field) : field;
  findings.add('error', 'FORM_UNKNOWN', place, 'this beat does nothing that is known', {
    expected: `one of ${FORMS.join(', ')}`,
    nearest: meant?.nearest,
  });
  return undefined;
}

function isForm(key: string): key is OwnForm {
  return FORMS.includes(key);
}
