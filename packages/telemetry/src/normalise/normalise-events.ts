import type { MinerState, RawEvent, TelemetryEvent } from '@selfheal/contracts';
import { TemplateMiner } from '../templates/miner.ts';
import { type ConductorLine, ConductorRuns, conductorLine } from './conductor-runs.ts';
import { eventTimes } from './event-time.ts';
import { RequestLinks } from './request-links.ts';
import { toEvent } from './to-event.ts';

export interface Normalised {
  events: TelemetryEvent[];
  miner: MinerState;
  newTemplates: number;
  /** Stamps that lie more than a second before that of the line above, by source. */
  clockBackwards: number;
}

/** Templates are told apart by their beginnings; a dump of values behind would only cost time. */
const MAX_MINED = 1024;

/** Events each of which was made of its own record alone, and what their records tell beside them. */
interface Drafts {
  readonly events: TelemetryEvent[];
  /** The status that a record tells though it names no request. */
  readonly statuses: Map<TelemetryEvent, number>;
  readonly conductor: Map<TelemetryEvent, ConductorLine>;
  /** The release that a text announces. */
  readonly announced: Map<TelemetryEvent, string>;
}

/** Brings raw events of all formats to one vocabulary. Pure and deterministic; events keep their order. */
export function normaliseEvents(raws: readonly RawEvent[], state: MinerState): Normalised {
  const miner = new TemplateMiner(state);
  const { times, from, clockBackwards } = eventTimes(raws);
  const links = new RequestLinks();
  const drafts: Drafts = { events: [], statuses: new Map(), conductor: new Map(), announced: new Map() };
  let newTemplates = 0;
  for (const raw of raws) {
    const place = drafts.events.length;
    const { event, status, announced } = toEvent(raw, times[place] ?? raw.ingestedAt, from[place] ?? 'ingest');
    if (mineText(event, miner)) newTemplates += 1;
    links.learn(event);
    drafts.events.push(event);
    if (status !== undefined && event.request === undefined) drafts.statuses.set(event, status);
    if (announced !== undefined) drafts.announced.set(event, announced);
    if (raw.format.startsWith('conductor')) drafts.conductor.set(event, conductorLine(raw.fields));
  }
  followRenamed(drafts, miner);
  for (const event of drafts.events) links.complete(event, drafts.statuses.get(event));
  followRuns(drafts);
  carryReleases(drafts);
  const { revision } = state;
  const learned = { ...miner.state(), ...(revision === undefined ? {} : { revision }) };
  return { events: drafts.events, miner: learned, newTemplates, clockBackwards };
}

/** Whether its template is new. */
function mineText(event: TelemetryEvent, miner: TemplateMiner): boolean {
  const { templateId, variables, isNew } = miner.mine(event.text.slice(0, MAX_MINED));
  event.templateId = templateId;
  if (variables.length > 0) event.variables = variables;
  return isNew;
}

/** Templates that proved to be one in the course of the batch are one from its first line on. */
function followRenamed({ events }: Drafts, miner: TemplateMiner): void {
  const ended = new Set(miner.takeRenamed().map(({ from }) => from));
  if (ended.size === 0) return;
  for (const event of events) {
    if (event.templateId === undefined || !ended.has(event.templateId)) continue;
    const { templateId, variables } = miner.match(event.text.slice(0, MAX_MINED));
    event.templateId = templateId;
    if (variables.length > 0) event.variables = variables;
  }
}

function followRuns({ conductor }: Drafts): void {
  const bySource = new Map<string, ConductorRuns>();
  for (const [event, line] of conductor) {
    const runs = bySource.get(event.source) ?? new ConductorRuns();
    bySource.set(event.source, runs);
    runs.follow(event, line);
  }
}

/** Lines of a source that name no release belong to the one announced last. What is known of an event is complete then: its step is named. */
function carryReleases({ events, announced: marks }: Drafts): void {
  const current = new Map<string, string>();
  for (const event of events) {
    const announced = event.kind === 'log' || event.kind === 'lifecycle' ? marks.get(event) : undefined;
    if (announced !== undefined) {
      current.set(event.source, event.release ?? announced);
      event.kind = 'release';
    }
    const release = event.release ?? current.get(event.source);
    if (release !== undefined) event.release = release;
    nameEnvelope(event);
  }
}

/** The line that ends a request or a sequence belongs to the flow too: it names the flow and tells that it ended. */
function nameEnvelope(event: TelemetryEvent): void {
  if (event.step !== undefined || event.flowId === undefined || event.outcome === undefined || event.outcome === 'started') return;
  const name =
    event.kind === 'request' && event.request?.status !== undefined
      ? event.operation
      : event.kind === 'sequence'
        ? event.sequence
        : undefined;
  if (name !== undefined) event.step = name;
}
