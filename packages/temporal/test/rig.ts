import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blobs, Ports, Ref } from '@selfheal/contracts';
import { readSequence, type SequencePlan } from '@selfheal/sequences';
import {
  type AnyHandler,
  type Beat,
  type BeatHost,
  type Engine,
  type EngineSettings,
  type IncidentMark,
  resolveTemporalBinary,
  startEngine,
} from '../src/index.ts';

/** A real engine on a real server in a folder of its own, with handlers that a test scripts. */
export interface Rig extends AsyncDisposable {
  readonly engine: Engine;
  readonly dataDir: string;
  readonly marks: IncidentMark[];
  readonly ran: string[];
  /** Ends the engine and starts it again on the same database. */
  restart(change?: Partial<EngineSettings>): Promise<void>;
}

export async function startRig(
  handlers: Record<string, AnyHandler>,
  change: Partial<EngineSettings> & Pick<BeatHost, 'doChore' | 'offClockWindows' | 'remediation'> = {},
): Promise<Rig> {
  const { doChore, offClockWindows, remediation, ...changed } = change;
  const dataDir = await mkdtemp(join(tmpdir(), 'selfheal-engine-'));
  const marks: IncidentMark[] = [];
  const ran: string[] = [];
  const host: BeatHost = {
    beats: Object.entries(handlers).map(([handler, run]): Beat => ({ handler, run, kind: 'stage-crew' })),
    blobs: memoryBlobs(),
    ports: async (_project, beat) => ({ beat }) as Partial<Ports> as Ports,
    markIncident: async (mark) => void marks.push(mark),
    onBeat: ({ handler, attempt }) => void ran.push(`${handler}#${attempt}`),
    ...(doChore === undefined ? {} : { doChore }),
    ...(offClockWindows === undefined ? {} : { offClockWindows }),
    ...(remediation === undefined ? {} : { remediation }),
  };
  const settings: EngineSettings = {
    dataDir,
    host,
    concurrency: 4,
    ui: false,
    binary: async () => (await resolveTemporalBinary({ env: process.env })).path,
    ...changed,
  };
  let engine = await startEngine(settings);
  return {
    dataDir,
    marks,
    ran,
    get engine() {
      return engine;
    },
    restart: async (again = {}) => {
      await engine.stop();
      engine = await startEngine({ ...settings, ...again });
    },
    [Symbol.asyncDispose]: async () => {
      await engine.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A plan whose beats run in order; a beat is a handler name or a beat of the document language. */
export function planOf(id: string, beats: readonly (string | Record<string, unknown>)[], output?: Record<string, string>): SequencePlan {
  const document = {
    id,
    name: id,
    movements: [
      {
        id: 'all',
        name: 'All',
        beats: beats.map((beat) => (typeof beat === 'string' ? { handler: beat, kind: 'stage-crew', timing: 'async' } : beat)),
      },
    ],
    ...(output === undefined ? {} : { output }),
  };
  const { plan, diagnostics } = readSequence(JSON.stringify(document), { file: id });
  if (plan === undefined) throw new TypeError(JSON.stringify(diagnostics));
  return plan;
}

export function memoryBlobs(): Blobs & { readonly size: () => number } {
  const values = new Map<string, string>();
  return {
    size: () => values.size,
    put: async (value): Promise<Ref> => {
      const text = JSON.stringify(value);
      const $ref = `sha256-${createHash('sha256').update(text).digest('hex')}`;
      values.set($ref, text);
      return { $ref, bytes: text.length };
    },
    get: async ({ $ref }) => JSON.parse(values.get($ref) ?? 'null'),
  };
}
