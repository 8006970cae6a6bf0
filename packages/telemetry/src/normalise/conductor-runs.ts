import type { Json, TelemetryEvent } from '@selfheal/contracts';

/** What a conductor line says beyond its event: kept beside the event until the runs are known. */
export interface ConductorLine {
  phase?: string;
  baton: boolean;
  context: boolean;
  tracker: boolean;
  emitted?: string;
}

interface Beat {
  event?: string;
  handler?: string;
  /** Its events so far: the start is told before the name is. */
  told: TelemetryEvent[];
}

interface Run {
  id: string;
  sequence: string;
  /** Event and handler of beats, as baton and executor lines told. */
  beats: Map<string, Beat>;
  completed: Set<string>;
  explainedWaitMs: number;
}

export function conductorLine(fields: Record<string, Json>): ConductorLine {
  return {
    baton: fields.baton === true,
    context: fields.context === true,
    tracker: fields.tracker === true,
    ...(typeof fields.phase === 'string' ? { phase: fields.phase } : {}),
    ...(typeof fields.emitted === 'string' ? { emitted: fields.emitted } : {}),
  };
}

/**
 * Follows the runs of one source's conductor lines. Such lines carry no run id, and most do not repeat their sequence: a run is
 * what lies between `executing S` and `S completed`. Beats get their sequence, the names that baton and context lines
 * gave them, and waits that the log declares; a completion told twice (tracker and executor) counts once.
 */
export class ConductorRuns {
  #open: Run[] = [];

  /** Completes an event in place of its run. */
  follow(event: TelemetryEvent, line: ConductorLine): void {
    if (line.phase === 'executing' && event.sequence !== undefined) this.#start(event, event.sequence);
    const run = this.#runOf(event, line);
    if (run === undefined) return;
    event.sequence = run.sequence;
    event.flowId ??= run.id;
    if (event.waitMs !== undefined && event.beat === undefined) run.explainedWaitMs += event.waitMs;
    if (event.beat !== undefined) this.#beat(event, line, run);
    else if (line.emitted !== undefined) event.step = line.emitted;
    if (line.phase === 'completed') this.#open = this.#open.filter((open) => open !== run);
  }

  #start(event: TelemetryEvent, sequence: string): void {
    // A run that never ended is given up when its sequence starts again or too many are open.
    this.#open = this.#open.filter((run) => run.sequence !== sequence).slice(-15);
    this.#open.push({ id: `run:${event.id}`, sequence, beats: new Map(), completed: new Set(), explainedWaitMs: 0 });
  }

  #runOf(event: TelemetryEvent, line: ConductorLine): Run | undefined {
    const sequence = event.sequence;
    const open = sequence === undefined ? this.#open.at(-1) : this.#open.findLast((run) => run.sequence === sequence);
    if (open !== undefined || sequence === undefined || line.phase !== undefined) return open;
    if (event.beat === undefined) return undefined;
    this.#start(event, sequence);
    return this.#open.at(-1);
  }

  #beat(event: TelemetryEvent, line: ConductorLine, run: Run): void {
    const number = String(event.beat);
    const beat: Beat = run.beats.get(number) ?? { told: [] };
    run.beats.set(number, beat);
    if (event.step !== undefined && !event.step.startsWith('beat ') && event.step !== event.handler) beat.event = event.step;
    if (event.handler !== undefined) beat.handler = event.handler;
    beat.told.push(event);
    for (const told of beat.told) nameBeat(told, beat, run.sequence);
    if (line.baton || line.context) {
      beat.told.pop();
      event.step = undefined;
      event.outcome = undefined;
      return;
    }
    if (event.outcome === 'ok' || event.outcome === 'error') this.#complete(event, number, run);
    if (event.outcome === 'started') run.completed.delete(number);
    if (run.explainedWaitMs > 0) {
      event.waitMs = (event.waitMs ?? 0) + run.explainedWaitMs;
      run.explainedWaitMs = 0;
    }
  }

  /** The first line that tells a completion counts; a second becomes a plain log line. */
  #complete(event: TelemetryEvent, beat: string, run: Run): void {
    if (!run.completed.has(beat)) {
      run.completed.add(beat);
      return;
    }
    event.kind = 'log';
    event.step = undefined;
    event.outcome = undefined;
    event.durationMs = undefined;
  }
}

function nameBeat(event: TelemetryEvent, beat: Beat, sequence: string): void {
  if (beat.handler !== undefined) event.handler = beat.handler;
  if (event.kind === 'beat') event.step = beat.event ?? beat.handler ?? `beat ${String(event.beat)}`;
  event.operation = beat.handler ?? beat.event ?? `${sequence} beat ${String(event.beat)}`;
}
