import { createHash } from 'node:crypto';
import { type Blobs, beats, type Ports, type Ref } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import type { Beat } from './run-beat.ts';
import { runDerivingBeat, valuesOfBeats } from './run-deriving-beat.ts';

const ports: Ports = Object.create(null);

it('hands long derived values on as they are, and makes them again where they are gone', async () => {
  const { stored, blobs } = memory();
  const calls: string[] = [];
  const known = beatsOf(calls);
  const before = valuesOfBeats(blobs, known, () => ports);
  const extracted = fields(await runDerivingBeat(beatNamed(known, 'extractTelemetryEvents'), request(500), before, ports));
  const normalised = fields(await runDerivingBeat(beatNamed(known, 'normalizeTelemetryData'), extracted, before, ports));
  expect(calls).toEqual(['extract 500', 'normalise 500']);
  expect(Math.max(...[...stored.values()].map((text) => text.length))).toBeLessThan(2_000);

  // A process that has nothing at hand.
  const after = valuesOfBeats(blobs, known, () => ports);
  const events = await after.get(normalised.events as Ref);
  expect(calls).toEqual(['extract 500', 'normalise 500', 'extract 500', 'normalise 500']);
  expect(events).toHaveLength(500);
  expect(events).toEqual(await before.get(normalised.events as Ref));
});

it('stores short lists, which a document may look into', async () => {
  const { blobs } = memory();
  const known = beatsOf([]);
  const values = valuesOfBeats(blobs, known, () => ports);
  const { events } = fields(await runDerivingBeat(beatNamed(known, 'extractTelemetryEvents'), request(3), values, ports));
  expect(events).toHaveLength(3);
});

it('refuses what a handler must not give, also in a list that is only derived', async () => {
  const { blobs } = memory();
  const known = beatsOf([]);
  const values = valuesOfBeats(blobs, known, () => ports);
  const beat: Beat = {
    ...beatNamed(known, 'extractTelemetryEvents'),
    run: () => ({ events: Array.from({ length: 500 }, () => ({ id: 1 })), miner: MINER, lines: 0, unparsed: 0, formats: {} }),
  };
  await expect(runDerivingBeat(beat, request(500), values, ports)).rejects.toMatchObject({ code: 'BEAT_OUTPUT_INVALID' });
  await expect(
    runDerivingBeat(beatNamed(known, 'normalizeTelemetryData'), { events: [{ id: 1 }], miner: MINER }, values, ports),
  ).rejects.toMatchObject({ code: 'BEAT_INPUT_INVALID' });
});

const MINER = { version: 1, templates: [] };

/** A content-addressed store in memory. */
function memory(): { stored: Map<string, string>; blobs: Blobs } {
  const stored = new Map<string, string>();
  const blobs: Blobs = {
    async put(value) {
      const text = JSON.stringify(value);
      const $ref = `sha256-${createHash('sha256').update(text).digest('hex')}`;
      stored.set($ref, text);
      return { $ref, bytes: text.length };
    },
    get: async ({ $ref }) => JSON.parse(stored.get($ref) ?? 'null'),
  };
  return { stored, blobs };
}

function beatsOf(calls: string[]): ReadonlyMap<string, Beat> {
  const extract: Beat = {
    handler: 'extractTelemetryEvents',
    kind: 'stage-crew',
    contract: beats.extractTelemetryEvents,
    run(input) {
      const count = segmentsOf(input);
      calls.push(`extract ${count}`);
      const events = Array.from({ length: count }, (_, line) => ({
        id: `s:${line}`,
        source: 'a.log',
        line,
        format: 'plain',
        text: `line ${line}`,
        ingestedAt: 1,
        fields: {},
      }));
      return { events, miner: MINER, lines: count, unparsed: 0, formats: {} };
    },
  };
  const normalise: Beat = {
    handler: 'normalizeTelemetryData',
    kind: 'pure',
    contract: beats.normalizeTelemetryData,
    run(input) {
      const { events, miner } = beats.normalizeTelemetryData.input.parse(input);
      calls.push(`normalise ${events.length}`);
      const normalised = events.map(({ fields: _, ingestedAt, ...event }) => ({
        ...event,
        time: ingestedAt,
        timeFrom: 'ingest',
        severity: 'info',
        kind: 'log',
      }));
      return { events: normalised, miner, newTemplates: 0, clockBackwards: 0 };
    },
  };
  return new Map([extract, normalise].map((beat) => [beat.handler, beat]));
}

function request(lines: number) {
  const segment = {
    id: 'a',
    sourceId: 's',
    path: 'a.log',
    identity: 'i',
    fromOffset: 0,
    toOffset: 1,
    firstLine: 1,
    lines,
    bytes: 1,
    redactions: 0,
  };
  return { projectId: 'p', segments: [segment] };
}

function segmentsOf(input: unknown): number {
  return beats.extractTelemetryEvents.input.parse(input).segments.reduce((sum, { lines }) => sum + lines, 0);
}

function beatNamed(known: ReadonlyMap<string, Beat>, handler: string): Beat {
  const beat = known.get(handler);
  if (beat === undefined) throw new RangeError(`no beat ${handler}`);
  return beat;
}

function fields(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(value)));
}
