/** Telemetry of several services in one neutral shape; all times are milliseconds since the epoch (UTC), durations milliseconds. */
export interface ServiceSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly service: string;
  readonly operation: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly failed?: boolean;
  /** Where the attributes tell it: the function or the top frame of an exception's stack. */
  readonly region?: string;
}

export interface ServiceLog {
  readonly atMs: number;
  readonly service: string;
  readonly text: string;
  readonly level?: string;
  readonly traceId?: string;
  readonly spanId?: string;
}

export interface ServiceMetric {
  readonly atMs: number;
  readonly service: string;
  /** The pod, container or host that was measured; a service may have several. */
  readonly instance: string;
  readonly name: string;
  readonly value: number;
  /** The value counts up from the start of the process: what tells is its rate. */
  readonly counter?: boolean;
}

export interface ServiceTelemetry {
  readonly spans: readonly ServiceSpan[];
  readonly logs: readonly ServiceLog[];
  readonly metrics: readonly ServiceMetric[];
}

export type ServiceCauseKind = 'cpu' | 'memory' | 'network' | 'exception' | 'changed behaviour' | 'slow code';

/** One reason to suspect a service: `weight` is a log Bayes factor (natural logarithm), negative where it speaks against. */
export interface ServiceEvidence {
  readonly service: string;
  readonly kind: ServiceCauseKind;
  readonly weight: number;
  readonly operation?: string;
  readonly region?: string;
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  /** Up to three exact lines, span ids or samples. */
  readonly examples: readonly string[];
}

export interface ServiceCause {
  readonly service: string;
  readonly operation?: string;
  readonly region?: string;
  readonly kind: ServiceCauseKind;
  readonly score: number;
  /** Share of the posterior among the suspected services and "nothing is wrong", 0..1. */
  readonly confidence: number;
  readonly evidence: readonly ServiceEvidence[];
}

/** What the telemetry of a fault was compared with. */
export interface ServiceContrast {
  /** A fault-free stretch that was given; what lies before the fault; all but the minutes of the fault, where hardly anything lies before; nothing. */
  readonly with: 'baseline' | 'before' | 'rest' | 'nothing';
  /** Calls in it. */
  readonly calls: number;
}

export interface ServiceDiagnosis {
  readonly healthy: boolean;
  readonly contrast: ServiceContrast;
  /** Start of the fault that was given or found; absent where none was found. */
  readonly atMs?: number;
  readonly causes: readonly ServiceCause[];
  readonly summary: string;
}
