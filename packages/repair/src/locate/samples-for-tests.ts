import type {
  Anomaly,
  AnomalyDetails,
  BehavioralDetails,
  CodebaseInfo,
  ErrorDetails,
  ErrorExample,
  PerformanceDetails,
  RecordedCall,
  SourceSnapshot,
  StackFrame,
} from '@selfheal/contracts';
import { type CodebaseMeta, indexCodebase } from '../codebase/index-codebase.ts';

/** A code base out of source texts, as if read from a commit. For tests of analysers. */
export function sampleCode(
  files: Record<string, string>,
  meta: Partial<CodebaseMeta> = {},
): { codebase: CodebaseInfo; sources: SourceSnapshot } {
  const sources: SourceSnapshot = { commit: 'c0ffee', files: { 'package.json': '{"name":"sample"}', ...files }, leftOut: [] };
  const codebase = indexCodebase(sources, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [], ...meta });
  return { codebase, sources };
}

/** The line (from 1) of a file on which a text stands, for frames that follow the sample. */
export function lineWith(source: string, text: string): number {
  const position = source.split('\n').findIndex((line) => line.includes(text));
  if (position < 0) throw new Error(`the sample has no line with ${text}`);
  return position + 1;
}

export function frame(file: string, line: number, name?: string, column?: number): StackFrame {
  return { file, line, inApp: true, ...(name === undefined ? {} : { function: name }), ...(column === undefined ? {} : { column }) };
}

export function sampleAnomaly(details: Exclude<AnomalyDetails, { type: 'signal' }>, place: Anomaly['place'] = {}): Anomaly {
  return {
    id: `anomaly-${details.type}`,
    projectId: 'p',
    type: details.type,
    detector: 'sample',
    fingerprint: 'f',
    title: 'sample',
    description: 'sample',
    severity: 'high',
    confidence: 0.9,
    place,
    metrics: {},
    evidence: [],
    details,
    finding: false,
    detectedAt: 1_000,
    window: { from: 0, to: 1_000 },
  };
}

interface ErrorParts {
  readonly type?: string;
  readonly message: string;
  readonly frames?: StackFrame[];
  readonly operation?: string;
  readonly count?: number;
  readonly inputs?: ErrorExample['input'][];
  readonly passing?: RecordedCall[];
}

export function errorAnomaly({
  type = 'TypeError',
  message,
  frames = [],
  operation,
  count = 10,
  inputs = [undefined],
  passing,
}: ErrorParts): Anomaly {
  const examples = inputs.map(
    (input, position): ErrorExample => ({
      evidence: { eventId: `e${position}`, source: 'app.log', line: position + 1, time: position, text: `${type}: ${message}` },
      message,
      frames,
      ...(input === undefined ? {} : { input }),
      ...(operation === undefined ? {} : { operation }),
    }),
  );
  const details: ErrorDetails = {
    type: 'error',
    error: {
      fingerprint: 'f',
      type,
      normalisedMessage: message,
      severity: 'error',
      count,
      operations: operation === undefined ? {} : { [operation]: count },
      firstSeen: 0,
      lastSeen: 1_000,
      frames,
      examples,
    },
    ratePerMinute: 1,
    trend: 'new',
    ...(passing === undefined ? {} : { calls: passing }),
  };
  return sampleAnomaly(details, operation === undefined ? {} : { operation });
}

export function performanceAnomaly(operation: string, calls: RecordedCall[] = [], figures: Partial<PerformanceDetails> = {}): Anomaly {
  return sampleAnomaly(
    {
      type: 'performance',
      operation,
      expectedMs: 10,
      expectedFrom: 'release',
      seenMs: 80,
      ratio: 8,
      p50: 80,
      p95: 120,
      p99: 150,
      count: 200,
      slowest: [],
      calls,
      ...figures,
    },
    { operation },
  );
}

export function behavioralAnomaly(
  figures: Pick<BehavioralDetails, 'flow' | 'deviation' | 'expected' | 'steps'> & { seen: string[] } & Partial<
      Omit<BehavioralDetails, 'seen'>
    >,
): Anomaly {
  const { seen, ...others } = figures;
  const none = seen.map(() => null);
  return sampleAnomaly({
    type: 'behavioral',
    expectedFrom: 'declared',
    share: 1,
    ...others,
    seen: {
      key: seen.join('>'),
      steps: seen,
      count: 20,
      stuck: 0,
      gapsMs: none,
      durationsMs: none,
      explainedWaitMs: seen.map(() => 0),
      examples: [],
    },
  });
}

export function passingCall(operation: string, input: RecordedCall['input'], durationMs?: number): RecordedCall {
  return {
    operation,
    eventId: `ok-${JSON.stringify(input)}`,
    outcome: 'ok',
    ...(input === undefined ? {} : { input }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}
