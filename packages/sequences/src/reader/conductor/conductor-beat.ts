import type { BeatKind, ErrorHandling, HandlerBeat } from '../../interpreter/plan.ts';
import { DEFAULT_RETRY } from '../../interpreter/retry.ts';
import { nearestName } from '../../nearest.ts';
import { parseDuration } from '../duration.ts';
import { baseAt, type ForeignContext, resolveHandler } from '../foreign/foreign-context.ts';
import { readForeignRetry } from '../foreign/retry.ts';
import type { JsonField } from '../json-field.ts';

/** Beats of older documents; one may name several handlers, which run in order. A beat that names none is left out. */
export function readConductorBeat(field: JsonField, tempo: number, context: ForeignContext): HandlerBeat[] {
  const { findings } = context;
  if (!field.isObject) {
    findings.add('warning', 'BEAT_SKIPPED', field, 'this beat is left out: it is not an object');
    return [];
  }
  const handlers = handlersOf(field, context);
  if (handlers.length === 0) reportNoHandler(field, context);
  return handlers.map((handler) => beatFor(handler, field, tempo, context));
}

interface NamedHandler {
  readonly name: string;
  readonly place: JsonField;
}

function handlersOf(field: JsonField, context: ForeignContext): NamedHandler[] {
  const single = field.get('handler');
  const places = single ? [single] : (field.get('handlers')?.items() ?? []);
  const named = places.flatMap((place): NamedHandler | [] => {
    const name = typeof place.value === 'string' ? place.value : (place.text('name') ?? place.text('handler'));
    if (name !== undefined && name !== '') return { name, place: place.get('name') ?? place };
    const script = place.text('script');
    if (script !== undefined)
      context.findings.add('warning', 'NOT_SUPPORTED', place, `the script "${script}" is not run: only registered handlers are`);
    return [];
  });
  const event = field.get('event');
  const isHandler = typeof event?.value === 'string' && context.handlers?.has(event.value) === true;
  return named.length === 0 && isHandler && event ? [{ name: event.shown, place: event }] : named;
}

function reportNoHandler(field: JsonField, { findings }: ForeignContext): void {
  const label = field.text('event') ?? field.text('title') ?? field.text('name') ?? field.text('id');
  const message = `${label === undefined ? 'this beat' : `the beat "${label}"`} is left out: it names no handler`;
  const misspelt = [...field.properties()].find(([key]) => key !== 'handlers' && nearestName(key, ['handler']) === 'handler');
  if (misspelt && misspelt[0] !== 'handler') findings.add('warning', 'BEAT_SKIPPED', misspelt[1].key, message, { nearest: 'handler' });
  else findings.add('info', 'BEAT_SKIPPED', field, message);
}

function beatFor(handler: NamedHandler, field: JsonField, tempo: number, context: ForeignContext): HandlerBeat {
  const name = resolveHandler(handler.name, handler.place, context);
  const kind = kindOf(field, context);
  const title = field.text('title') ?? field.text('name');
  const event = field.text('event');
  const delayMs = delayOf(field, tempo, context);
  const errorHandling = errorHandlingOf(field, context);
  const retryField = field.first('retry', 'retryPolicy');
  const retry = retryField ? readForeignRetry(retryField, context.findings) : errorHandling === 'retry' ? DEFAULT_RETRY : undefined;
  const timeoutMs = parseDuration(field.first('timeout', 'timeoutMs')?.value);
  const args = field.get('args');
  return {
    form: 'handler',
    ...baseAt(field, context.names.derive(field.text('id') ?? name), context),
    ...(title !== undefined && { title }),
    ...(event !== undefined && { event }),
    timing: field.text('timing') === 'async' ? 'async' : 'immediate',
    ...(delayMs > 0 && { delayMs }),
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    errorHandling,
    handler: name,
    kind,
    ...(args?.isObject && { input: literalInput(args) }),
  };
}

/** The handler gets the baton, and over it the literal arguments of the beat. */
function literalInput(args: JsonField): Record<string, unknown> {
  const literals = [...args.properties()].map(([name, value]) => [name, { value: value.value }] as const);
  return { '...': '$.baton', ...Object.fromEntries(literals) };
}

const PURE_KINDS: readonly string[] = ['pure', 'validation'];
const STAGE_CREW_KINDS: readonly string[] = ['stage-crew', 'io', 'stagecrew'];

function kindOf(field: JsonField, { findings }: ForeignContext): BeatKind {
  const place = field.get('kind') ?? field.at('handler', 'kind');
  const kind = typeof place?.value === 'string' ? place.value.toLowerCase() : undefined;
  if (place === undefined || kind === undefined || STAGE_CREW_KINDS.includes(kind)) return 'stage-crew';
  if (PURE_KINDS.includes(kind)) return 'pure';
  findings.add('info', 'ASSUMED', place, `the kind "${kind}" is run like stage-crew, which may do I/O`);
  return 'stage-crew';
}

const PLAIN_TIMINGS: readonly string[] = ['immediate', 'async'];

/** An after-beat waits for one beat of the tempo first. */
function delayOf(field: JsonField, tempo: number, { findings }: ForeignContext): number {
  const timing = field.get('timing');
  const stated = parseDuration(field.first('delay', 'delayMs')?.value);
  if (timing?.value === 'after-beat') return stated ?? Math.round(60_000 / tempo);
  if (timing?.value === 'delayed' && stated !== undefined) return stated;
  if (timing && !PLAIN_TIMINGS.includes(timing.shown)) {
    findings.add(
      'info',
      'ASSUMED',
      timing,
      `the timing "${timing.shown}" has no pause of its own here; the beat runs when the one before has ended`,
    );
  }
  return 0;
}

function errorHandlingOf(field: JsonField, { findings }: ForeignContext): ErrorHandling {
  const place = field.get('errorHandling');
  switch (place?.value) {
    case undefined:
    case 'abort':
    case 'abort-sequence':
      return 'abort';
    case 'continue':
      return 'continue';
    case 'retry':
      return 'retry';
    default:
      if (place) findings.add('info', 'ASSUMED', place, `the error handling "${place.shown}" is run like abort`);
      return 'abort';
  }
}
