import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ServiceLog, ServiceMetric, ServiceSpan } from '@selfheal/contracts';
import { csvRows } from './csv-rows.ts';
import { telemetryTable } from './telemetry-table.ts';

export interface FolderTelemetry {
  readonly spans: ServiceSpan[];
  readonly logs: ServiceLog[];
  readonly metrics: ServiceMetric[];
}

export interface ServiceFolder {
  readonly current: FolderTelemetry;
  /** From subfolders called `normal`, `baseline` or `fault-free`. */
  readonly normal: FolderTelemetry;
  /** Records beyond `limit` that were left off. */
  readonly leftOff: number;
}

/**
 * Reads a folder of CSV files (`log/`, `trace/`, `metric/`, gzip or not; what a file holds is told by its header).
 * `keep` chooses by time which spans and logs of the current telemetry are held; metrics are small and all kept. At most `limit` records are held.
 */
export async function readServiceFolder(
  folder: string,
  { keep = () => true, limit = 2_000_000 }: { keep?: (atMs: number) => boolean; limit?: number } = {},
): Promise<ServiceFolder> {
  const result = { current: emptyTelemetry(), normal: emptyTelemetry(), leftOff: 0 };
  let held = 0;
  for (const file of await csvFiles(folder)) {
    const isNormal = relative(folder, file)
      .split(sep)
      .some((part) => /^(?:normal|baseline|fault[-_]?free)$/i.test(part));
    const target = isNormal ? result.normal : result.current;
    let table: ReturnType<typeof telemetryTable>;
    let isHeader = true;
    for await (const row of csvRows(file)) {
      if (isHeader) {
        isHeader = false;
        table = telemetryTable(row);
        if (table === undefined) break;
        continue;
      }
      if (table === undefined) break;
      if (held >= limit) {
        result.leftOff += 1;
        continue;
      }
      if (table.holds === 'metrics') {
        const samples = table.read(row);
        target.metrics.push(...samples);
        held += samples.length;
      } else if (table.holds === 'spans') {
        const span = table.read(row);
        if (span === undefined || (!isNormal && !keep(span.startMs))) continue;
        target.spans.push(span);
        held += 1;
      } else {
        const log = table.read(row);
        if (log === undefined || (!isNormal && !keep(log.atMs))) continue;
        target.logs.push(log);
        held += 1;
      }
    }
  }
  return result;
}

function emptyTelemetry(): FolderTelemetry {
  return { spans: [], logs: [], metrics: [] };
}

async function csvFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.csv(?:\.gz)?$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
