import { createHash } from 'node:crypto';
import { type BeatInput, type Handler, type LakeBatch, type Records, type Segment, SelfhealError } from '@selfheal/contracts';
import { batchIdOf, joinStates, offsetOfEvent, quarantineId, slicesOf, sourceOfEvent, storedSliceId } from '@selfheal/telemetry';

type Input = BeatInput<'storeTelemetryDatabase'>;

/**
 * Sequence telemetry.parse, movement Storage. Writes the events as one lake batch, then in one transaction its catalogue row, the
 * slices, the miner's state, rejected input, releases and the sources' offsets; then frees the journal. So a batch is stored whole
 * and once: a retry finds the batch id, and a stretch that another run has stored meanwhile is left out. What another run taught the miner
 * meanwhile is kept.
 * Reads: offsets, batches. Fails with STORE_MOVED (retryable) where another run stores the same sources at this moment.
 */
export const storeTelemetryDatabase: Handler<'storeTelemetryDatabase'> = async (input, { records, lake, sources, clock }) => {
  const now = clock.now();
  const batchId = batchIdOf(input.projectId, input.segments);
  const known = input.segments.length === 0 ? undefined : await records.get('batch', batchId);
  if (known !== undefined) {
    await sources.release(input.segments);
    return { batchId, stored: known.events, alreadyStored: true };
  }
  const fresh = await withoutStored(input, records);
  const batch =
    fresh.events.length === 0 ? undefined : await lake.write(input.projectId, batchIdOf(input.projectId, fresh.segments), fresh.events);
  await records.transaction(async (transaction) => await commit(transaction, fresh, batch, now));
  await sources.release(input.segments);
  const alreadyStored = input.segments.length > 0 && fresh.segments.length === 0;
  return { ...(batch === undefined ? {} : { batchId: batch.id }), stored: fresh.events.length, alreadyStored };
};

/** Leaves out what lies before the saved offsets, and aggregates anew where anything was left out. */
async function withoutStored(input: Input, records: Records): Promise<Input> {
  const offsets = new Map<string, number>();
  for (const { sourceId } of input.segments) {
    const saved = await records.get('sourceOffset', sourceId);
    if (saved !== undefined) offsets.set(sourceId, saved.offset);
  }
  const segments = input.segments.flatMap((segment) => trimmed(segment, offsets.get(segment.sourceId) ?? 0));
  if (segments.length === input.segments.length && segments.every((segment, index) => segment === input.segments[index])) return input;
  const events = input.events.filter(({ id }) => offsetOfEvent(id) >= (offsets.get(sourceOfEvent(id)) ?? 0));
  return { ...input, segments, events, slices: events.length === input.events.length ? input.slices : slicesOf(events) };
}

function trimmed(segment: Segment, savedOffset: number): Segment[] {
  if (savedOffset <= segment.fromOffset) return [segment];
  if (savedOffset >= segment.toOffset) return [];
  const id = createHash('sha256').update(`${segment.id}\n${savedOffset}`).digest('hex').slice(0, 24);
  return [{ ...segment, id, fromOffset: savedOffset }];
}

async function commit(records: Records, fresh: Input, batch: LakeBatch | undefined, now: number): Promise<void> {
  const { projectId, slices, rejected, miner } = fresh;
  await commitOffsets(records, fresh, now);
  if (batch !== undefined) {
    await records.put('batch', batch);
    const stored = slices.map((slice) => ({
      id: storedSliceId(batch.id, slice),
      projectId,
      batchId: batch.id,
      release: slice.release,
      bucketStart: slice.bucketStart,
      slice,
    }));
    await records.putAll('slice', stored);
    const saved = await records.get('miner', projectId);
    const meanwhile = saved !== undefined && saved.state.revision !== miner.revision;
    const state = { ...(meanwhile ? joinStates(saved.state, miner) : miner), revision: batch.id };
    await records.put('miner', { id: projectId, projectId, state, updatedAt: now });
    await commitReleases(records, fresh);
  }
  for (const entry of rejected) {
    await records.insert('quarantined', { id: quarantineId(projectId, entry), projectId, rejected: entry, createdAt: now });
  }
}

async function commitOffsets(records: Records, { projectId, segments }: Input, now: number): Promise<void> {
  for (const { sourceId, path, identity, fromOffset, toOffset, firstLine, lines } of segments) {
    const saved = await records.get('sourceOffset', sourceId);
    if (saved !== undefined && saved.offset > fromOffset) {
      throw new SelfhealError(
        'STORE_MOVED',
        `${path} was stored up to byte ${saved.offset} while this run had read it from ${fromOffset}`,
        {
          where: { path },
        },
      );
    }
    await records.put('sourceOffset', {
      id: sourceId,
      projectId,
      path,
      identity,
      offset: toOffset,
      line: firstLine - 1 + lines,
      updatedAt: now,
    });
  }
}

/** A release is known from its first event on. */
async function commitReleases(records: Records, { projectId, slices }: Input): Promise<void> {
  const firstSeen = new Map<string, number>();
  for (const { release, from } of slices) if (release !== '') firstSeen.set(release, Math.min(from, firstSeen.get(release) ?? from));
  for (const [name, at] of firstSeen) await records.insert('release', { id: `${projectId}:${name}`, projectId, name, at });
}
