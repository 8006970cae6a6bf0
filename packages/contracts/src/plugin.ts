import type { DecisionHandler, DecisionProposer } from './ai/index.ts';
import type { Anomaly, AnomalyType, TelemetrySnapshot } from './anomaly.ts';
import type { PluginHandler } from './beats/index.ts';
import type { CodebaseInfo, SourceSnapshot } from './codebase.ts';
import type { IssueAnalysis } from './diagnosis.ts';
import type { Candidate, Edit } from './fix.ts';
import type { Json } from './json.ts';

/** Reads one kind of log line. The first reader (plugins before built-ins) that returns a record wins. */
export interface LogReader {
  readonly name: string;
  /** The parsed fields of a line in our vocabulary, or undefined where the line is not of this kind. */
  read(line: string): { text: string; stamp?: number; level?: string | number; fields: Record<string, Json> } | undefined;
}

/** A pure function from a snapshot to anomalies. */
export interface Detector {
  readonly name: string;
  /** The beat that runs it: each detect beat runs its own detectors and those of plugins of its type. */
  readonly type: AnomalyType;
  detect(snapshot: TelemetrySnapshot): readonly Anomaly[];
}

export interface FixContext {
  readonly analysis: IssueAnalysis;
  readonly codebase: CodebaseInfo;
  readonly sources: SourceSnapshot;
}

/** Proposes edits for a diagnosed fault. `source` names the literature or experience it rests on; `prior` its success rate before anything is learned. */
export interface FixTemplate {
  readonly name: string;
  readonly categories: readonly string[];
  readonly prior: number;
  readonly source: string;
  propose(
    context: FixContext,
  ): readonly { edits: readonly Edit[]; title: string; rationale: string; location: Candidate['location']; naturalness: number }[];
}

export interface Notifier {
  readonly name: string;
  notify(event: { type: string; incidentId?: string; text: string; data: Record<string, unknown> }): Promise<void>;
}

export interface Plugin {
  readonly name: string;
  /** Paths or parsed documents of sequences. */
  readonly sequences?: readonly (string | Record<string, unknown>)[];
  readonly handlers?: Readonly<Record<string, PluginHandler>>;
  /** Names of handlers that compute on their input alone: `selfheal sequence test` runs these, and shows what the others would get. */
  readonly pureHandlers?: readonly string[];
  readonly readers?: readonly LogReader[];
  readonly detectors?: readonly Detector[];
  readonly fixTemplates?: readonly FixTemplate[];
  readonly notifiers?: readonly Notifier[];
  /** Asked about failed beats before the built-in ones, in this order. */
  readonly proposers?: readonly DecisionProposer[];
  /** Take decisions on failed beats in place of the built-in routing, by the name that a document gives. */
  readonly decisionHandlers?: Readonly<Record<string, DecisionHandler>>;
}

/** Gives a plugin its type; checked again when it is loaded. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
