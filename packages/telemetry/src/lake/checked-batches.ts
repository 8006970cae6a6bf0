import { rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type LakeBatch, type Records, SelfhealError } from '@selfheal/contracts';
import { describeFile } from './batch-file.ts';

export interface BatchChecks {
  /** The paths of the batches whose files are as the catalogue says; the others are quarantined. */
  usable(batches: readonly LakeBatch[]): Promise<string[]>;
  /** Whether the batch's file is on disk and whole. */
  isWhole(batch: LakeBatch): Promise<boolean>;
}

interface Lake {
  readonly dir: string;
  readonly records: Records;
  readonly now: () => number;
}

/** A file that was whole once is looked at again when its size, time or inode changed. */
type Seen = Map<string, string>;

/**
 * Compares files with the catalogue before they are read. A file that is gone or has another hash is set aside as `.corrupt`, its
 * catalogue row becomes a `quarantined` record, and the rest of the lake stays readable.
 */
export function batchChecks(options: Lake & { onQuarantine?: (error: SelfhealError) => void }): BatchChecks {
  const seen: Seen = new Map();
  return {
    isWhole: async (batch) => (await damageOf(options.dir, batch, seen)) === undefined,
    async usable(batches) {
      const paths: string[] = [];
      for (const batch of batches) {
        const damage = await damageOf(options.dir, batch, seen);
        if (damage === undefined) {
          paths.push(join(options.dir, batch.file));
          continue;
        }
        if (damage === 'missing') await assertLakePresent(options.dir, batch);
        const error = await takeFromCatalogue(options, batch, damage);
        if (error === undefined) continue;
        // A writer may have mended the file meanwhile; its catalogue row is then about to come back.
        if ((await damageOf(options.dir, batch, seen)) === 'changed') await setAside(join(options.dir, batch.file));
        options.onQuarantine?.(error);
      }
      return paths;
    },
  };
}

type Damage = 'missing' | 'changed';

async function damageOf(dir: string, batch: LakeBatch, seen: Seen): Promise<Damage | undefined> {
  const path = join(dir, batch.file);
  try {
    const found = await stat(path);
    if (found.size !== batch.bytes) return 'changed';
    const stamp = `${batch.sha256} ${found.mtimeMs} ${found.ino}`;
    if (seen.get(path) === stamp) return undefined;
    if ((await describeFile(path)).sha256 !== batch.sha256) return 'changed';
    seen.set(path, stamp);
    return undefined;
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
}

/** A lake that is not mounted looks like one whose every batch is lost; the catalogue must not be emptied for it. */
async function assertLakePresent(dir: string, batch: LakeBatch): Promise<void> {
  const project = dirname(dirname(join(dir, batch.file)));
  const found = await stat(project).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (found === undefined)
    throw new SelfhealError('LAKE_MISSING', `the folder of project ${batch.projectId} is gone`, { where: { folder: project } });
}

/** Undefined where retention removed the batch meanwhile, or another process was quicker. */
async function takeFromCatalogue(options: Lake, batch: LakeBatch, damage: Damage): Promise<SelfhealError | undefined> {
  const what = damage === 'missing' ? 'its file is gone' : 'its file is not what was written';
  const detail = `batch ${batch.id} with ${batch.events} events of ${span(batch)}: ${what}`;
  const error = new SelfhealError('LAKE_CORRUPT', detail, { where: { file: batch.file } });
  const taken = await options.records.transaction(async (records) => {
    if ((await records.get('batch', batch.id))?.sha256 !== batch.sha256) return false;
    await records.remove('batch', [batch.id]);
    const rejected = { path: batch.file, code: error.code, message: detail, bytes: batch.bytes };
    await records.put('quarantined', { id: `batch-${batch.id}`, projectId: batch.projectId, rejected, createdAt: options.now() });
    return true;
  });
  return taken ? error : undefined;
}

async function setAside(path: string): Promise<void> {
  await rename(path, `${path}.corrupt`).catch((failure: unknown) => {
    if (!isMissing(failure)) throw failure;
  });
}

function span(batch: LakeBatch): string {
  return `${dateText(batch.from)} to ${dateText(batch.to)}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Times come from logs, and some of these are no dates. */
function dateText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
