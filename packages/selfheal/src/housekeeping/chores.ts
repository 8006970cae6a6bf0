import type { Records } from '@selfheal/contracts';
import type { FileBlobs } from '@selfheal/store';
import type { OpenLake } from '@selfheal/telemetry';
import type { ChoreContext, DoChore } from '@selfheal/temporal';
import { keepIntake } from '../intake/keep-intake.ts';
import type { OpenProject } from '../project/open-project.ts';
import { removeBeatRuns } from './beat-runs.ts';

interface House {
  readonly project: OpenProject;
  readonly records: Records;
  readonly lake: OpenLake;
  readonly blobs: FileBlobs;
  /** References that records hold. */
  readonly references: () => Promise<ReadonlySet<string>>;
}

type Chore = (house: House, context: ChoreContext) => Promise<string>;

/** By name, in the order in which they are done: what is too old goes first, so that it is not joined. */
const CHORES: Readonly<Record<string, Chore>> = { intake, retention: retain, compaction: compact, timing, attempts, values };

/** The chores that the configuration asks for. */
export function choresOf({ config }: OpenProject): string[] {
  return Object.keys(CHORES).filter((name) => name !== 'compaction' || config.housekeeping.compact);
}

/** What the housekeeping workflow does in the data folder of one project. Each chore may be repeated, and may be cut at any moment. */
export function doChoreOf(house: House): DoChore {
  return async (name, _projectId, context) => {
    const chore = CHORES[name];
    if (chore === undefined) throw new TypeError(`no chore is called ${name}`);
    return chore(house, context);
  };
}

async function intake({ project, records }: House): Promise<string> {
  const { id, root, dataDir } = project;
  const freed = await keepIntake(dataDir, { projectId: id, projectRoot: root, records }, Date.now());
  return freed === 0 ? '' : `dropped ${size(freed)} of delivered telemetry that is stored`;
}

async function retain({ project, lake }: House): Promise<string> {
  const { retainMs, retainBytes } = project.config.intake;
  const { batches, bytes } = await lake.retain(project.id, { maxAgeMs: retainMs, maxBytes: retainBytes });
  return batches === 0 && bytes === 0 ? '' : `removed ${batches} telemetry batches, ${size(bytes)}`;
}

async function compact({ project, lake }: House, { signal }: ChoreContext): Promise<string> {
  const { compactAfterMs, compactSpanMs, compactMaxBytes } = project.config.housekeeping;
  const limits = { olderThanMs: compactAfterMs, spanMs: compactSpanMs, maxBytes: compactMaxBytes };
  const { batches, into, slices, slicesInto } = await lake.compact(project.id, limits, { signal });
  return batches === 0 ? '' : `joined ${batches} batches into ${into}, ${slices} slices into ${slicesInto}`;
}

async function timing({ project, records }: House, { signal }: ChoreContext): Promise<string> {
  const removed = await removeBeatRuns(records, project.id, Date.now() - project.config.housekeeping.beatRunsMs, signal);
  return removed === 0 ? '' : `removed the timing of ${removed} beats`;
}

/** Attempts say themselves how long they are kept. */
async function attempts({ project, records }: House): Promise<string> {
  const old = await records.list('remediationAttempt', {
    where: { projectId: project.id },
    range: { field: 'expiresAt', to: Date.now() },
  });
  const removed = await records.remove(
    'remediationAttempt',
    old.map(({ id }) => id),
  );
  return removed === 0 ? '' : `removed ${removed} remediation attempts`;
}

/** References are gathered after the age is fixed: what is put or referred to meanwhile is young. */
async function values({ project, blobs, references }: House, { signal, openReferences }: ChoreContext): Promise<string> {
  const now = Date.now();
  const keep = new Set([...(await openReferences()), ...(await references())]);
  const { removed, bytes } = await blobs.sweep({ olderThanMs: project.config.housekeeping.valueMinAgeMs, keep, now, signal });
  return removed === 0 ? '' : `removed ${removed} values between beats, ${size(bytes)}`;
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
