import type { MinerState, RawEvent, TelemetryEvent } from '@selfheal/contracts';
import { TemplateMiner } from '../templates/miner.ts';
import { type ConductorLine, ConductorRuns, conductorLine } from './conductor-runs.ts';
import { type EventTime, eventTimes } from './event-time.ts';
import { announcedRelease } from './release-marks.ts';
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

interface Draft {
  event: TelemetryEvent;
  status: number | undefined;
  conductor: ConductorLine | undefined;
}

/** Brings raw events of all formats to one vocabulary. Pure and deterministic; events keep their order. */
export function normaliseEvents(raws: readonly RawEvent[], state: MinerState): Normalised {
  const miner = new TemplateMiner(state);
  const { times, clockBackwards } = eventTimes(raws);
  let newTemplates = 0;
  const drafts = raws.map((raw, index): Draft => {
    const { event, status } = toEvent(raw, times[index] ?? ingestTime(raw));
    const mined = miner.mine(event.text.slice(0, MAX_MINED));
    event.templateId = mined.templateId;
    if (mined.variables.length > 0) event.variables = mined.variables;
    if (mined.isNew) newTemplates += 1;
    return { event, status, conductor: raw.format.startsWith('conductor') ? conductorLine(raw.fields) : undefined };
  });
  followRenamed(drafts, miner);
  linkRequests(drafts);
  followRuns(drafts);
  carryReleases(drafts);
  for (const { event } of drafts) nameEnvelope(event);
  const { revision } = state;
  const learned = { ...miner.state(), ...(revision === undefined ? {} : { revision }) };
  return { events: drafts.map((draft) => draft.event), miner: learned, newTemplates, clockBackwards };
}

/** Templates that proved to be one in the course of the batch are one from its first line on. */
function followRenamed(drafts: readonly Draft[], miner: TemplateMiner): void {
  const ended = new Set(miner.takeRenamed().map(({ from }) => from));
  if (ended.size === 0) return;
  for (const { event } of drafts) {
    if (event.templateId === undefined || !ended.has(event.templateId)) continue;
    const { templateId, variables } = miner.match(event.text.slice(0, MAX_MINED));
    event.templateId = templateId;
    if (variables.length > 0) event.variables = variables;
  }
}

function ingestTime(raw: RawEvent): EventTime {
  return { time: raw.ingestedAt, timeFrom: 'ingest' };
}

function linkRequests(drafts: readonly Draft[]): void {
  const links = new RequestLinks();
  for (const { event } of drafts) links.learn(event);
  for (const { event, status } of drafts) links.complete(event, status);
}

function followRuns(drafts: readonly Draft[]): void {
  const bySource = new Map<string, ConductorRuns>();
  for (const { event, conductor } of drafts) {
    if (conductor === undefined) continue;
    const runs = bySource.get(event.source) ?? new ConductorRuns();
    bySource.set(event.source, runs);
    runs.follow(event, conductor);
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

/** Lines of a source that name no release belong to the one announced last. */
function carryReleases(drafts: readonly Draft[]): void {
  const current = new Map<string, string>();
  for (const { event } of drafts) {
    const announced = event.kind === 'log' || event.kind === 'lifecycle' ? announcedRelease(event.text) : undefined;
    if (announced !== undefined) {
      current.set(event.source, event.release ?? announced);
      event.kind = 'release';
    }
    const release = event.release ?? current.get(event.source);
    if (release !== undefined) event.release = release;
  }
}
