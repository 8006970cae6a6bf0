import type { Anomaly, CodeOperation, Detector, Level, Place, RecordedCall, TelemetrySnapshot } from '@selfheal/contracts';
import { anomalyId, fingerprintOf } from '../naming/fingerprint.ts';
import { thresholdFactor } from '../naming/threshold.ts';
import { count, percent } from '../naming/words.ts';
import { type OperationPool, poolOperations } from '../operations/operation-pool.ts';
import { callRatePlot } from '../plots/rate-plot.ts';
import { liveReleases, newestRelease } from '../releases/live-releases.ts';
import { cameWithNewestRelease } from './came-with-newest-release.ts';
import { type UncoveredPart, uncoveredPart } from './uncovered-part.ts';

export const UNCOVERED_CODE = 'uncovered-code';

/** Calls in the window from which a function counts as used. */
const MIN_USES = 3;
/** Part of a called function that must be untested, so that one odd line is not reported. */
const MIN_SHARE = 0.25;
const MIN_LINES = 2;
/** A route's handler of this many lines only passes on. */
const GLUE_LINES = 3;
const MAX_REPORTED = 50;
const MAX_CALLS = 24;
const MAX_EVIDENCE = 5;

/**
 * Functions that run in production and that no test runs, the most used first. A finding, unless the code came with the newest
 * release or the policy asks for healing. Idea: coverage weighed by use in production (Elbaum, Karre and Rothermel, "Improving web application
 * testing with user session data", 2003); it counts, so it has no chance of a false alarm.
 */
export const detectUncoveredCode: Detector = {
  name: UNCOVERED_CODE,
  type: 'coverage',
  detect(snapshot) {
    const { coverage } = snapshot;
    if (coverage === undefined) return [];
    const pools = poolOperations(snapshot.slices);
    const gaps = [...Map.groupBy(snapshot.codeOperations, ({ functionId }) => functionId).values()].flatMap((same) => {
      const used = useOf(same, pools, snapshot);
      const part = used === undefined ? undefined : uncoveredPart(used.code, coverage);
      return used === undefined || part === undefined || !isSubstantial(part) ? [] : [{ ...used, part }];
    });
    return gaps
      .filter(({ code, uses }) => uses >= MIN_USES * thresholdFactor(snapshot, UNCOVERED_CODE, placeOf(code)))
      .sort((a, b) => Number(isGlue(a)) - Number(isGlue(b)) || b.uses - a.uses)
      .slice(0, MAX_REPORTED)
      .map((gap) => anomalyOf(snapshot, gap));
  },
};

interface Use {
  readonly code: CodeOperation;
  readonly uses: number;
  readonly kind: OperationPool['kind'];
  readonly calls: readonly RecordedCall[];
  readonly lastSeen: number;
  readonly evidence: Anomaly['evidence'];
}

interface Gap extends Use {
  readonly part: UncoveredPart;
}

/** How much a function is used under any of its names, where a live release still uses it. */
function useOf(same: readonly CodeOperation[], pools: readonly OperationPool[], snapshot: TelemetrySnapshot): Use | undefined {
  const live = new Set(liveReleases(snapshot).map(({ name }) => name));
  const byName = same
    .map((code) => ({ code, pools: pools.filter(({ operation, handler }) => operation === code.operation || handler === code.operation) }))
    .sort((a, b) => usesOf(b.pools) - usesOf(a.pools));
  const best = byName[0];
  if (best === undefined || !best.pools.some(({ release, count: calls }) => live.has(release) && calls > 0)) return undefined;
  return {
    code: best.code,
    uses: usesOf(best.pools),
    kind: best.pools[0]?.kind ?? 'other',
    calls: best.pools.flatMap(({ calls }) => calls).slice(0, MAX_CALLS),
    lastSeen: Math.max(...best.pools.map(({ lastSeen }) => lastSeen)),
    evidence: best.pools.flatMap(({ slowest }) => slowest.map(({ durationMs: _figure, ...line }) => line)).slice(0, MAX_EVIDENCE),
  };
}

function usesOf(pools: readonly OperationPool[]): number {
  return pools.reduce((sum, pool) => sum + pool.count, 0);
}

function isSubstantial({ neverCalled, lines, executable }: UncoveredPart): boolean {
  return neverCalled || (lines.length >= MIN_LINES && lines.length >= executable * MIN_SHARE);
}

function isGlue({ code, kind }: Use): boolean {
  return kind === 'route' && code.endLine - code.startLine < GLUE_LINES;
}

function placeOf({ operation, name, file, startLine }: CodeOperation): Place {
  return { operation, file, line: startLine, function: name };
}

function anomalyOf(snapshot: TelemetrySnapshot, gap: Gap): Anomaly {
  const { code, uses, part, calls, lastSeen, evidence } = gap;
  const fingerprint = fingerprintOf('coverage', code.file, code.name);
  const isNew = cameWithNewestRelease(code, snapshot);
  const release = newestRelease(snapshot)?.name;
  return {
    id: anomalyId(snapshot.projectId, fingerprint, snapshot.now),
    projectId: snapshot.projectId,
    type: 'coverage',
    detector: UNCOVERED_CODE,
    fingerprint,
    title: `${code.name} is used ${count(uses, 'time')} and ${part.neverCalled ? 'no test calls it' : `${count(part.lines.length, 'line')} of it are untested`}`,
    description: describe(gap, isNew),
    severity: severityOf(gap, isNew),
    confidence: part.fileUnknown ? 0.6 : part.neverCalled ? 0.9 : 0.75,
    place: placeOf(code),
    ...(release === undefined ? {} : { release }),
    metrics: {
      uses,
      uncoveredLines: part.lines.length,
      executableLines: part.executable,
      uncoveredShare: part.lines.length / part.executable,
      lastSeen,
    },
    evidence: [...evidence],
    details: {
      type: 'coverage',
      operation: code.operation,
      uses,
      function: code,
      uncoveredLines: [...part.lines],
      inNewestRelease: isNew,
      calls: [...calls],
    },
    plot: callRatePlot(snapshot, (operation, handler) => operation === code.operation || handler === code.operation),
    finding: snapshot.policy.coverage !== 'heal' && (!isNew || isGlue(gap)),
    detectedAt: snapshot.now,
    window: snapshot.window,
  };
}

function describe({ code, uses, part }: Gap, isNew: boolean): string {
  const where = `${code.name} (${code.file}:${code.startLine})`;
  const untested = part.fileUnknown
    ? 'the tests do not load its file'
    : part.neverCalled
      ? 'no test calls it'
      : `tests leave out lines ${part.lines.join(', ')} (${percent(part.lines.length / part.executable)} of its executable lines)`;
  const origin = isNew ? 'It came with the newest release.' : 'It is older than the newest release.';
  return `${where} ran ${count(uses, 'time')} in production as ${code.operation}, and ${untested}. ${origin}`;
}

function severityOf(gap: Gap, isNew: boolean): Level {
  if (isGlue(gap)) return 'low';
  return isNew || gap.part.neverCalled ? 'medium' : 'low';
}
