import { type OperationPool, poolOperations, uncoveredPart } from '@selfheal/anomaly';
import { type CodeCoverage, type CodeOperation, isSelfhealError, type OperationStats, type TelemetrySlice } from '@selfheal/contracts';
import { createCodebase } from '@selfheal/repair/codebase';
import { createSandbox } from '@selfheal/sandbox';
import { heatOf } from './operation-heat.ts';
import { newestTelemetry, type ReportSource } from './stored-telemetry.ts';

/** How well the repository's own tests cover the function that serves an operation. */
export type Tested = 'yes' | 'partly' | 'no' | 'unknown';

export interface OperationRow {
  readonly operation: string;
  readonly kind: OperationStats['kind'];
  readonly calls: number;
  readonly callsPerMinute: number;
  /** Of all time that was spent in timed operations. */
  readonly shareOfTime: number;
  readonly errors: number;
  readonly errorRate: number;
  /** Milliseconds; undefined where nothing was timed. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly tested: Tested;
  /** `src/price.ts:12`; undefined where the code is not known. */
  readonly code: string | undefined;
  readonly untestedLines: readonly number[];
  /** One for each column of the report; undefined where nothing was timed then. */
  readonly heat: readonly (Heat | undefined)[];
}

export interface Heat {
  readonly calls: number;
  readonly p95: number;
  /** Against the operation's usual 95th percentile (the lower quartile over the columns); less than 1 ms counts as that. */
  readonly ratio: number;
}

export interface OperationsReport {
  readonly project: string;
  /** Epoch ms; undefined where no telemetry is stored. */
  readonly window: { readonly from: number; readonly to: number } | undefined;
  readonly releases: readonly string[];
  /** Beginnings of the columns of the heat map, epoch ms. */
  readonly columns: readonly number[];
  /** The one that takes most time first, then by calls. */
  readonly operations: readonly OperationRow[];
  /** Commit whose tests were measured; undefined where none was. */
  readonly coverageOf: string | undefined;
  readonly notes: readonly string[];
}

const MINUTE = 60_000;

/** Operations of the newest stored stretch by load, latency, errors, and whether tests cover them. Needs no engine. */
export async function operationsReport(source: ReportSource): Promise<OperationsReport> {
  const stored = await newestTelemetry(source);
  const project = source.project.name;
  if (stored === undefined)
    return {
      project,
      window: undefined,
      releases: [],
      columns: [],
      operations: [],
      coverageOf: undefined,
      notes: ['no telemetry is stored so far'],
    };
  const { window, slices } = stored;
  const code = await readTested(source);
  const pools = poolOperations(slices.map((slice) => ({ ...slice, release: '' })));
  const { columns, heat } = heatOf(slices);
  const minutes = Math.max(1, spanOf(slices) / MINUTE);
  const times = timeByOperation(slices);
  const all = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const operations = pools
    .map((pool): OperationRow => {
      const quantile = (level: number): number | undefined => (pool.timed === 0 ? undefined : pool.quantile(level));
      return {
        operation: pool.operation,
        kind: pool.kind,
        calls: pool.count,
        callsPerMinute: pool.count / minutes,
        shareOfTime: all === 0 ? 0 : (times.get(pool.operation) ?? 0) / all,
        errors: pool.errors,
        errorRate: pool.errors / Math.max(1, pool.count),
        p50: quantile(0.5),
        p95: quantile(0.95),
        p99: quantile(0.99),
        ...code.testedOf(pool),
        heat: heat.get(pool.operation) ?? columns.map(() => undefined),
      };
    })
    .sort((a, b) => b.shareOfTime - a.shareOfTime || b.calls - a.calls || a.operation.localeCompare(b.operation));
  const releases = [...new Set(slices.map(({ release }) => release))].filter((name) => name !== '');
  return { project, window, releases, columns, operations, coverageOf: code.commit, notes: code.notes };
}

/** Milliseconds spent in each operation. */
function timeByOperation(slices: readonly TelemetrySlice[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { operations } of slices)
    for (const { operation, sumMs } of operations) times.set(operation, (times.get(operation) ?? 0) + sumMs);
  return times;
}

function spanOf(slices: readonly TelemetrySlice[]): number {
  return Math.max(...slices.map(({ to }) => to)) - Math.min(...slices.map(({ from }) => from));
}

interface TestedCode {
  readonly commit: string | undefined;
  readonly notes: readonly string[];
  testedOf(pool: OperationPool): Pick<OperationRow, 'tested' | 'code' | 'untestedLines'>;
}

/** What is stored of the tests' coverage (a sweep measures it once a commit), on the code as it is at the head of the default branch. */
async function readTested({ project, records }: ReportSource): Promise<TestedCode> {
  const [newest] = await records.list('coverage', {
    where: { projectId: project.id },
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: 1,
  });
  const unknown = { tested: 'unknown', code: undefined, untestedLines: [] } as const;
  const { root, dataDir, config, id } = project;
  const codebase = createCodebase({ root, dataDir, config, sandbox: createSandbox({ root, dataDir, config }), records, projectId: id });
  try {
    const { operations, commit } = await codebase.info(newest?.commit);
    const notes =
      newest === undefined ? [`what the tests cover at ${commit.slice(0, 12)} was not measured so far; \`selfheal sweep\` does`] : [];
    return {
      commit: newest?.commit,
      notes,
      testedOf({ operation, handler }) {
        const code = operations.find((one) => one.operation === operation) ?? operations.find((one) => one.operation === handler);
        return code === undefined ? unknown : { code: `${code.file}:${code.startLine}`, ...testedBy(code, newest?.coverage) };
      },
    };
  } catch (error) {
    if (!isSelfhealError(error)) throw error;
    return { commit: undefined, notes: [`the code is unknown: ${error.message}`], testedOf: () => unknown };
  }
}

function testedBy(code: CodeOperation, coverage: CodeCoverage | undefined): Pick<OperationRow, 'tested' | 'untestedLines'> {
  if (coverage === undefined) return { tested: 'unknown', untestedLines: [] };
  const part = uncoveredPart(code, coverage);
  if (part === undefined || part.lines.length === 0) return { tested: 'yes', untestedLines: [] };
  return { tested: part.neverCalled ? 'no' : 'partly', untestedLines: part.lines };
}
