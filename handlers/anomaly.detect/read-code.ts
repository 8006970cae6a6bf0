import {
  type BeatContext,
  type Codebase,
  type CodebaseInfo,
  type CodeCoverage,
  isSelfhealError,
  type TelemetrySlice,
} from '@selfheal/contracts';

interface Code {
  readonly info: CodebaseInfo;
  readonly coverage: CodeCoverage | undefined;
  readonly notes: string[];
}

/** The code at the head of the default branch. Its tests run only where some of its functions were seen at work. */
export async function readCode(codebase: Codebase, slices: readonly TelemetrySlice[], beat: Pick<BeatContext, 'heartbeat'>): Promise<Code> {
  const info = await codebase.info();
  if (!isInUse(info, slices)) return { info, coverage: undefined, notes: ['no function of the code base was recognised in the telemetry'] };
  beat.heartbeat('measuring what the tests cover');
  try {
    const coverage = await codebase.coverage();
    const notes = coverage === undefined ? ['what the tests cover could not be measured, so gaps in coverage are unknown'] : [];
    return { info, coverage, notes };
  } catch (error) {
    // Tests that cannot run must not hide errors and slow paths; anything else is a defect and shows.
    if (!isSelfhealError(error) || error.retryable) throw error;
    return { info, coverage: undefined, notes: [`what the tests cover could not be measured: ${error.message}`] };
  }
}

function isInUse({ operations }: CodebaseInfo, slices: readonly TelemetrySlice[]): boolean {
  const names = new Set(operations.map(({ operation }) => operation));
  return slices.some((slice) => slice.operations.some(({ operation, handler = '' }) => names.has(operation) || names.has(handler)));
}
