import { SPREAD } from '../../interpreter/mapping.ts';
import type { BeatPlan } from '../../interpreter/plan.ts';
import { parseDuration } from '../duration.ts';
import type { JsonField } from '../json-field.ts';
import { checkShape } from './check-shape.ts';
import type { OwnContext, ReadBeat } from './own-context.ts';
import { readBase } from './read-base.ts';
import { readCondition } from './read-condition.ts';
import { approvalShape, childShape, forEachShape, handlerShape, ifShape, parallelShape, stopShape, waitShape } from './shapes.ts';
import { checkMapped, checkPath, type Visible, withNames } from './visible.ts';

/** One reader for each beat form. Nested beats are read even where the beat itself has errors, so that all are reported at once. */

export function readHandler(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, handlerShape, context.findings);
  checkMapping(field.get('input'), visible, context);
  checkHandler(field, context);
  if (!read) return unread(field, visible);
  const id = beatId(field, read.handler, context);
  const kind = read.kind ?? 'stage-crew';
  const timing = read.timing ?? (kind === 'pure' ? 'immediate' : 'async');
  const base = readBase(field, read, id, visible, context);
  return done(visible, { form: 'handler', ...base, timing, handler: read.handler, kind, ...(read.input && { input: read.input }) });
}

function checkHandler(field: JsonField, { handlers, findings }: OwnContext): void {
  const name = field.text('handler');
  if (name === undefined || !handlers || handlers.has(name)) return;
  findings.unknownName('error', 'HANDLER_UNKNOWN', field.get('handler') ?? field, 'the handler', name, [...handlers]);
}

export function readIf(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, ifShape, context.findings);
  const condition = field.get('if');
  const test = condition ? readCondition(condition, visible, context.findings) : {};
  const onTrue = listAt(field, 'then', visible, context);
  const onFalse = listAt(field, 'else', visible, context);
  const after = withNames(onTrue.visible, ...onFalse.visible);
  if (!read) return unread(field, after);
  const id = beatId(field, 'if', context);
  return done(after, {
    form: 'if',
    ...readBase(field, read, id, visible, context),
    condition: test,
    onTrue: onTrue.beats,
    onFalse: onFalse.beats,
  });
}

export function readParallel(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, parallelShape, context.findings);
  const branches = (field.get('parallel')?.items() ?? []).map((branch) => {
    if (branch.isArray && branch.items().length === 0)
      context.findings.add('error', 'VALUE_INVALID', branch, 'a branch needs at least one beat');
    return context.readList(branch.isArray ? branch.items() : [branch], visible, context);
  });
  const after = withNames(visible, ...branches.flatMap((branch) => [...branch.visible]));
  if (!read) return unread(field, after);
  const id = beatId(field, 'parallel', context);
  const base = readBase(field, read, id, visible, context);
  const concurrency = read.concurrency === undefined ? {} : { concurrency: read.concurrency };
  return done(after, {
    form: 'parallel',
    ...base,
    branches: branches.map(({ beats }) => beats),
    strategy: read.strategy ?? 'all',
    ...concurrency,
  });
}

export function readForEach(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, forEachShape, context.findings);
  checkMapped(field.get('forEach'), visible, context.findings);
  const as = read?.as ?? field.text('as') ?? 'item';
  const name = field.get('as');
  if (name && visible.has(as)) context.findings.add('error', 'ID_TWICE', name, `the name "${as}" already means something here`);
  const inside = context.readList(field.get('beats')?.items() ?? [], withNames(visible, as, `${as}Index`), context);
  checkMapped(field.get('output'), inside.visible, context.findings);
  if (!read) return unread(field, visible);
  const id = beatId(field, 'forEach', context);
  const base = readBase(field, read, id, visible, context);
  const output = read.output === undefined ? {} : { output: read.output };
  return done(visible, {
    form: 'forEach',
    ...base,
    items: read.forEach,
    as,
    concurrency: read.concurrency ?? 1,
    beats: inside.beats,
    ...output,
  });
}

export function readWait(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const { findings } = context;
  const read = checkShape(field, waitShape, findings);
  if (!read) return unread(field, visible);
  const { wait } = read;
  const place = field.get('wait') ?? field;
  const ways = [wait.ms, wait.duration, wait.event].filter((way) => way !== undefined).length;
  if (ways !== 1)
    findings.add('error', 'VALUE_INVALID', place, `a wait is for one thing, this has ${ways}`, { expected: 'ms, duration or event' });
  if (wait.timeout !== undefined && wait.event === undefined)
    findings.add('error', 'VALUE_INVALID', place, 'only a wait for an event has a timeout');
  if (wait.onTimeout !== undefined && wait.timeout === undefined)
    findings.add('error', 'VALUE_INVALID', place, '"onTimeout" needs a "timeout"');
  const ms = wait.ms ?? parseDuration(wait.duration);
  const eventTimeoutMs = parseDuration(wait.timeout);
  const id = beatId(field, 'wait', context);
  return done(visible, {
    form: 'wait',
    ...readBase(field, read, id, visible, context),
    ...(ms !== undefined && { ms }),
    ...(wait.event !== undefined && { awaitedEvent: wait.event }),
    ...(eventTimeoutMs !== undefined && { eventTimeoutMs }),
    onTimeout: wait.onTimeout ?? 'fail',
  });
}

export function readApproval(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, approvalShape, context.findings);
  checkMapped(field.at('approval', 'prompt'), visible, context.findings);
  checkMapped(field.at('approval', 'subject'), visible, context.findings);
  if (!read) return unread(field, visible);
  const { prompt, subject, timeout, onTimeout, onReject } = read.approval;
  const decisionTimeoutMs = parseDuration(timeout);
  const id = beatId(field, 'approval', context);
  return done(visible, {
    form: 'approval',
    ...readBase(field, read, id, visible, context),
    prompt,
    ...(subject !== undefined && { subject }),
    ...(decisionTimeoutMs !== undefined && { decisionTimeoutMs }),
    onTimeout: onTimeout ?? 'reject',
    onReject: onReject ?? 'reject',
  });
}

export function readChild(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, childShape, context.findings);
  checkMapping(field.get('input'), visible, context);
  if (!read) return unread(field, visible);
  const { sequence, input } = read;
  if (context.sequences && !context.sequences.includes(sequence)) {
    context.findings.unknownName('error', 'SEQUENCE_UNKNOWN', field.get('sequence') ?? field, 'the sequence', sequence, context.sequences);
  }
  const id = beatId(field, sequence, context);
  return done(visible, { form: 'sequence', ...readBase(field, read, id, visible, context), sequence, ...(input && { input }) });
}

export function readStop(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, stopShape, context.findings);
  checkMapped(field.at('stop', 'reason'), visible, context.findings);
  if (!read) return unread(field, visible);
  const { status, reason } = read.stop;
  const id = beatId(field, 'stop', context);
  return done(visible, {
    form: 'stop',
    ...readBase(field, read, id, visible, context),
    status,
    ...(reason !== undefined && { reason }),
    final: true,
  });
}

/** The id the beat gives, or one made from `base`. */
export function beatId(field: JsonField, base: string, { names }: OwnContext): string {
  const given = field.get('id');
  const id = field.text('id');
  return given && id !== undefined ? names.claim(id, given) : names.derive(base);
}

export function done(visible: Visible, beat: BeatPlan): ReadBeat {
  return { beat, visible: withNames(visible, beat.id) };
}

/** A beat with errors still makes its name known, so that paths to it are not reported as well. */
export function unread(field: JsonField, visible: Visible): ReadBeat {
  const name = field.text('id') ?? field.text('handler') ?? field.text('sequence');
  return { beat: undefined, visible: name === undefined ? visible : withNames(visible, name) };
}

function listAt(field: JsonField, name: string, visible: Visible, context: OwnContext) {
  return context.readList(field.get(name)?.items() ?? [], visible, context);
}

/** The entries of an input mapping; what `...` spreads must be paths. */
function checkMapping(field: JsonField | undefined, visible: Visible, { findings }: OwnContext): void {
  for (const [name, entry] of field?.properties() ?? []) {
    checkMapped(entry, visible, findings);
    for (const spread of name === SPREAD ? (entry.isArray ? entry.items() : [entry]) : []) {
      const { value } = spread;
      if (typeof value === 'string') checkSpread(value, spread, visible, findings);
    }
  }
}

function checkSpread(value: string, place: JsonField, visible: Visible, findings: OwnContext['findings']): void {
  if (!value.startsWith('$'))
    findings.add('error', 'VALUE_INVALID', place, `"${SPREAD}" spreads the object at a path`, { expected: 'a path such as $.baton' });
  else if (!/^\$[.[]/.test(value)) checkPath(value, place, visible, findings);
}
