import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, parsed } from '../cache/json-shape.ts';
import type { BuildReport } from '../report/build-report.ts';

const DAY_MS = 24 * 3_600_000;
const KEPT_MS = 30 * DAY_MS;

/** Reports and logs of the builds of 30 days, a folder each, named so that they sort by time. */
export class KeptBuilds {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'runs');
  }

  /** Where the log of a task is, relative to the folder of builds. */
  static logFile(buildId: string, task: string): string {
    return join('runs', buildId, 'logs', `${encodeURIComponent(task)}.log`);
  }

  async keepLog(buildId: string, task: string, log: string): Promise<void> {
    const file = join(this.#folder, '..', KeptBuilds.logFile(buildId, task));
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, log);
  }

  /** Keeps one change of code; gives where, relative to the folder of builds. */
  async keepPatch(buildId: string, number: number, diff: string): Promise<string> {
    const name = join('runs', buildId, 'fixes', `${number}.patch`);
    const file = join(this.#folder, '..', name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, diff);
    return name;
  }

  async readLog(buildId: string, task: string): Promise<string | undefined> {
    return readFile(join(this.#folder, '..', KeptBuilds.logFile(buildId, task)), 'utf8').catch(() => undefined);
  }

  async keep(report: BuildReport): Promise<void> {
    const folder = join(this.#folder, report.buildId);
    await mkdir(folder, { recursive: true });
    const partial = join(folder, `report.${process.pid}.partial`);
    await writeFile(partial, JSON.stringify(report));
    await rename(partial, join(folder, 'report.json'));
  }

  /** The newest build before `buildId` that left a report that can be read; without an id, of all. */
  last(buildId?: string): Promise<BuildReport | undefined> {
    return this.newest(() => true, buildId);
  }

  /** The newest build of which something holds, among those before `buildId`, if that is given. */
  async newest(holds: (report: BuildReport) => boolean, buildId?: string): Promise<BuildReport | undefined> {
    const ids = (await this.#ids()).filter((id) => buildId === undefined || id < buildId);
    for (const id of ids.reverse()) {
      const report = parsed(await readFile(join(this.#folder, id, 'report.json'), 'utf8').catch(() => ''));
      if (isReport(report) && holds(report)) return report;
    }
    return undefined;
  }

  /** Removes builds that are older than 30 days. */
  async forgetOld(now: Date): Promise<void> {
    const oldest = idAt(new Date(now.getTime() - KEPT_MS));
    for (const id of await this.#ids()) if (id < oldest) await rm(join(this.#folder, id), { recursive: true, force: true });
  }

  async #ids(): Promise<string[]> {
    return (await readdir(this.#folder).catch(() => [])).filter((name) => name.startsWith('build-')).sort();
  }
}

/** `build-20260102T030405678`, which sorts by time. */
export function idAt(time: Date): string {
  return `build-${time.toISOString().replaceAll(/[-:.Z]/g, '')}`;
}

/** Whether a file is a report of this program: written whole or not at all, so its parts need no look. */
function isReport(value: unknown): value is BuildReport {
  return isRecord(value) && typeof value.buildId === 'string' && Array.isArray(value.packageReports) && isRecord(value.request);
}
