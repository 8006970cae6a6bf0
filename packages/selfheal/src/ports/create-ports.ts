import type { BeatContext, Clock, Forge, LogSources, Plugin, Ports, ProjectContext, Records, WarmSandbox } from '@selfheal/contracts';
import { createLocalForge } from '@selfheal/forge';
import { openRedaction } from '@selfheal/redaction';
import { createCodebase } from '@selfheal/repair/codebase';
import { createSandbox } from '@selfheal/sandbox';
import type { OpenLake } from '@selfheal/telemetry';
import { journalDir } from '../intake/journal-dir.ts';
import type { OpenProject } from '../project/open-project.ts';
import type { PurePool } from '../threads/pure-pool.ts';
import { openTelemetryPorts } from './telemetry-ports.ts';

/** The ports of one project, but for the beat's own context. */
export interface ProjectPorts {
  forBeat(beat: BeatContext): Ports;
  readonly lake: OpenLake;
  readonly sources: LogSources;
  readonly sandbox: WarmSandbox;
  readonly forge: Forge;
  close(): Promise<void>;
}

const clock: Clock = { now: () => Date.now() };

/** Wires the implementations of all ports to one project. */
export async function createProjectPorts(
  project: OpenProject,
  records: Records,
  plugins: readonly Plugin[],
  pool: PurePool,
): Promise<ProjectPorts> {
  const { id, root, dataDir, config } = project;
  const { lake, sources } = await openTelemetryPorts(project, records, plugins);
  const sandbox = createSandbox({ root, dataDir, config });
  const codebase = createCodebase({ root, dataDir, config, sandbox, records, projectId: id, run: (_name, args) => pool.index(...args) });
  const forge = createLocalForge({
    root,
    dataDir,
    projectId: id,
    records,
    sandbox,
    config,
    redaction: await openRedaction(journalDir(dataDir)),
  });
  const context: ProjectContext = { id, root, dataDir, config };
  return {
    lake,
    sources,
    sandbox,
    forge,
    forBeat: (beat) => ({ beat, project: context, clock, records, lake, sources, codebase, sandbox, forge }),
    close: async () => lake.close(),
  };
}
