import { type FileCoverage, type MemberRunner, SelfhealError, type TestReport } from '@selfheal/contracts';

export interface MemberFiles {
  readonly member: MemberRunner;
  /** Chosen files of the member; undefined for all that it has. */
  readonly files: string[] | undefined;
}

/** Which packages are to run, and which of their files. Fails with RUNNER_UNKNOWN for a file in no package with a runner. */
export function filesByMember(members: readonly MemberRunner[], files: readonly string[] | undefined): MemberFiles[] {
  if (files === undefined) return members.map((member) => ({ member, files: undefined }));
  const groups = Map.groupBy(files, (file) => {
    const [nearest] = members.filter(({ folder }) => file.startsWith(`${folder}/`)).sort((a, b) => b.folder.length - a.folder.length);
    if (nearest === undefined) throw new SelfhealError('RUNNER_UNKNOWN', `no package of the workspace runs ${file}`, { where: { file } });
    return nearest;
  });
  return [...groups].map(([member, own]) => ({ member, files: own }));
}

/** One report of the runs of several packages: it is genuine, and its planted failures were seen, only where that holds for each. */
export function mergeReports(reports: readonly TestReport[]): TestReport {
  const runs = reports.map(({ run }) => run);
  const coverage = reports.flatMap((report) => report.coverage ?? []);
  const worst = runs.find(({ exitCode }) => exitCode !== 0) ?? runs[0];
  return {
    results: reports.flatMap(({ results }) => results),
    forged: reports.some(({ forged }) => forged),
    plantedFailureSeen: reports.length > 0 && reports.every(({ plantedFailureSeen }) => plantedFailureSeen),
    run: {
      exitCode: worst?.exitCode ?? 0,
      stdout: runs.map(({ stdout }) => stdout).join(''),
      stderr: runs.map(({ stderr }) => stderr).join(''),
      durationMs: runs.reduce((sum, { durationMs }) => sum + durationMs, 0),
      timedOut: runs.some(({ timedOut }) => timedOut),
    },
    ...(reports.some((report) => report.coverage !== undefined) ? { coverage: mergeCoverage(coverage) } : {}),
  };
}

/** A file that the tests of several packages ran: how often in all. Functions and branches are those of the run that reached most. */
function mergeCoverage(all: readonly FileCoverage[]): FileCoverage[] {
  const files = [...Map.groupBy(all, ({ path }) => path).values()].flatMap((same) => {
    const [best] = same.toSorted((a, b) => b.branches.covered - a.branches.covered || reached(b) - reached(a));
    if (best === undefined) return [];
    const lines: Record<string, number> = {};
    for (const one of same) for (const [line, count] of Object.entries(one.lines)) lines[line] = (lines[line] ?? 0) + count;
    return [{ ...best, lines }];
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function reached({ lines }: FileCoverage): number {
  return Object.values(lines).filter((count) => count > 0).length;
}
