import { join } from 'node:path';
import type { LogSources, Plugin, Records } from '@selfheal/contracts';
import { type OpenLake, openLake, openLogSources } from '@selfheal/telemetry';
import { intakeFolder } from '../intake/intake-folder.ts';
import { journalDir } from '../intake/journal-dir.ts';
import type { OpenProject } from '../project/open-project.ts';

/** The ports of telemetry of one project. The main thread and the thread that parses each open their own: both are safe side by side. */
export async function openTelemetryPorts(
  { root, dataDir, config }: OpenProject,
  records: Records,
  plugins: readonly Plugin[],
  memory?: { readonly lakeMb: number },
): Promise<{ lake: OpenLake; sources: LogSources }> {
  const lake = await openLake({ dir: join(dataDir, 'lake'), records, memoryLimitMb: memory?.lakeMb });
  const sources = openLogSources({
    journalDir: journalDir(dataDir),
    records,
    projectRoot: root,
    config,
    readers: plugins.flatMap((plugin) => plugin.readers ?? []),
    segments: intakeFolder(dataDir),
  });
  return { lake, sources };
}
