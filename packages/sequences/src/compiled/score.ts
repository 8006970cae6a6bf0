import { SelfhealError } from '@selfheal/contracts/errors';
import { evaluateCondition } from '../interpreter/condition.ts';
import { asText, mapInput, mapValue, SPREAD } from '../interpreter/mapping.ts';
import { remember, scopeOf } from '../interpreter/memory.ts';
import { isRecord, resolvePath } from '../interpreter/path.ts';
import type {
  AiRemediationPlan,
  ApprovalBeat,
  BeatKind,
  ErrorHandling,
  ForEachBeat,
  GraphBeat,
  Operator,
  ParallelBeat,
  RetryPlan,
  SequenceStatus,
} from '../interpreter/plan.ts';
import { attempted, guarded } from '../interpreter/policy.ts';
import { type Flow, isEnded, ON, type Place } from '../interpreter/run.ts';
import { runApproval } from '../interpreter/run-approval.ts';
import { runForEach } from '../interpreter/run-for-each.ts';
import { runGraph } from '../interpreter/run-graph.ts';
import { runParallel } from '../interpreter/run-parallel.ts';
import { runGoto, runStop } from '../interpreter/run-stop.ts';
import { runWait, type WaitTerms } from '../interpreter/run-wait.ts';
import type { Remediate, SequenceResult } from '../interpreter/runtime.ts';

/** What a beat may say of when it runs and what its failure does; all times are milliseconds. */
export interface Policy {
  readonly when?: () => boolean;
  readonly delayMs?: number;
  readonly retry?: RetryPlan;
  readonly timeoutMs?: number;
  readonly errorHandling?: ErrorHandling;
}

/** What all scores of a run have in common. */
export interface Sheet {
  /** Where each beat stands in the document. */
  readonly lines: Readonly<Record<string, number>>;
  readonly remediate: Remediate | undefined;
}

/** The code of a list of beats. */
export type Part = (score: Score) => Promise<Flow>;

/**
 * What a compiled sequence is played from: the values of its beats by path, and the beat forms that are more than plain code. One for each
 * branch, for branches see nothing of each other. Its rules are those of the interpreter, whose functions it calls.
 */
export class Score {
  private readonly place: Place;
  private readonly sheet: Sheet;

  constructor(place: Place, sheet: Sheet) {
    this.place = place;
    this.sheet = sheet;
  }

  /** The same run, in a movement of another name. */
  movement(movement: string): Score {
    return new Score({ ...this.place, movement }, this.sheet);
  }

  /** The value at a path such as `$.load.items[0]`; undefined where it leads nowhere. */
  at(path: string): unknown {
    return resolvePath(this.scope(), path);
  }

  /** The value at a path that must lead somewhere. */
  required(name: string, path: string): unknown {
    return mapValue({ path, required: true }, this.scope(), name);
  }

  /** The value at a path as it stands in a text. */
  text(path: string): string {
    return asText(this.at(path));
  }

  /** The fields of objects, later ones over earlier ones; what is absent has none. */
  fields(...values: readonly unknown[]): Record<string, unknown> {
    return mapInput({ [SPREAD]: values.map((value) => ({ value })) }, this.scope());
  }

  /** The input with the outputs of all earlier beats merged over it. */
  get baton(): Record<string, unknown> {
    return { ...this.place.memory.baton };
  }

  is(path: string, operator: Operator, value?: unknown): boolean {
    return evaluateCondition({ field: path, operator, value: { value } }, this.scope());
  }

  /** Calls an activity and keeps its output under the beat's id. */
  async beat(id: string, call: () => Promise<unknown>, { handler = id, ...policy }: Policy & { handler?: string } = {}): Promise<void> {
    await guarded(this.guard(id, policy, handler), this.place, async ({ lane, memory, run }) => {
      run.ordinal += 1;
      const output = await call();
      if (!isEnded(lane)) remember(memory, id, output);
      return ON;
    });
  }

  /** As `beat`, for an activity that is decided on where it has failed for good; a decision may run it again with another input. */
  async remediated(
    id: string,
    plan: AiRemediationPlan,
    input: () => Record<string, unknown>,
    call: (input: Record<string, unknown>) => Promise<unknown>,
    { handler = id, kind, event, ...policy }: Policy & { handler?: string; kind: BeatKind; event?: string },
  ): Promise<void> {
    await guarded(this.guard(id, policy, handler), this.place, async ({ lane, memory, movement, run }) => {
      const given = input();
      run.ordinal += 1;
      const about = {
        sequence: run.plan.id,
        movement,
        beat: id,
        handler,
        kind,
        ordinal: run.ordinal,
        ...(event !== undefined && { event }),
      };
      const again = (changed: unknown) => call(recordOf(changed, handler));
      const { remediate } = this.sheet;
      const output = remediate === undefined ? await call(given) : await remediate({ ...about, input: given }, plan, again);
      if (!isEnded(lane)) remember(memory, id, output);
      return ON;
    });
  }

  /** Whether the condition of an `if` holds; its output says which way was taken. */
  async choose(id: string, condition: () => boolean): Promise<boolean> {
    let holds = false;
    await guarded(this.guard(id, {}), this.place, async ({ memory }) => {
      holds = condition();
      remember(memory, id, { branch: holds ? 'then' : 'else' }, null);
      return ON;
    });
    return holds;
  }

  /** Beats under a policy of their own: tried again, timed or left out together. */
  section(id: string, policy: Policy, part: Part): Promise<Flow> {
    return this.form(id, policy, (place) => part(this.in(place)));
  }

  parallel(id: string, terms: Policy & Pick<ParallelBeat, 'strategy' | 'concurrency'>, branches: readonly Part[]): Promise<Flow> {
    const beat = { ...this.guard(id, terms), ...terms };
    const works = branches.map((branch) => (place: Place) => branch(this.in(place)));
    return this.form(id, terms, (place) => runParallel(beat, works, place));
  }

  /** Plays a part for each item of a list; the output is `{ results }`: what `kept` gives, or the output of the part's last beat. */
  each(id: string, terms: Policy & Omit<ForEachTerms, 'id'>, part: Part, kept?: (score: Score) => unknown): Promise<Flow> {
    const output = kept && { output: (place: Place) => asData(kept(this.in(place))) };
    const work = (place: Place) => part(this.in(place));
    return this.form(id, terms, (place) => {
      const list = mapValue(terms.items, this.in(place).scope(), 'forEach');
      return runForEach({ id, ...terms }, { list, source: terms.items }, { work, ...output }, place);
    });
  }

  /** Plays the nodes of a graph, each when those that it depends on have ended. */
  graph(id: string, nodes: readonly GraphPart[], terms: Policy & Pick<GraphBeat, 'concurrency'> = {}): Promise<Flow> {
    return this.form(id, terms, (place) => {
      const works = nodes.map(({ part, ...node }) => ({ ...node, work: (within: Place) => part(this.in(within)) }));
      return runGraph({ id, ...terms, nodes: works }, place);
    });
  }

  wait(id: string, terms: Policy & Partial<Omit<WaitTerms, 'id'>>): Promise<Flow> {
    return this.form(id, terms, (place) => runWait({ id, onTimeout: 'fail', ...terms }, place));
  }

  /** Asks a person; a refusal ends the sequence unless `onReject` says otherwise. */
  approval(id: string, terms: Policy & ApprovalTerms, question: (score: Score) => { prompt: string; subject?: unknown }): Promise<Flow> {
    return this.form(id, terms, (place) => runApproval({ id, ...terms }, question(this.in(place)), place));
  }

  /** Runs another sequence; the fields of its output go into the baton. */
  child(id: string, start: (score: Score) => Promise<SequenceResult>, policy: Policy = {}): Promise<Flow> {
    return this.form(id, policy, async (place) => {
      const { status, output } = await start(this.in(place));
      remember(place.memory, id, { status, output }, output);
      return ON;
    });
  }

  /** Ends the sequence, or with `final: false` says how it will have ended. */
  stop(id: string, { status, final = true, reason, ...policy }: Policy & StopTerms): Promise<Flow> {
    return this.form(id, policy, (place) => runStop({ status, reason: { value: reason?.(this.in(place)) }, final }, place));
  }

  /** Counts a jump to a beat, which may be taken `limit` times. */
  jump(id: string, target: string, limit: number, policy: Policy = {}): Promise<Flow> {
    return this.form(id, policy, (place) => runGoto({ id, target, limit }, place));
  }

  private form(id: string, policy: Policy, work: (place: Place) => Promise<Flow>): Promise<Flow> {
    const guard = this.guard(id, policy);
    return guarded(guard, this.place, (place) => attempted({ ...guard, ...policy }, place, work));
  }

  private guard(id: string, policy: Policy, handler?: string) {
    const { when, delayMs, errorHandling = 'abort' } = policy;
    return {
      id,
      ...(handler !== undefined && { handler }),
      at: { line: this.sheet.lines[id] ?? 1 },
      ...(when && { when }),
      ...(delayMs !== undefined && { delayMs }),
      errorHandling,
    };
  }

  private in(place: Place): Score {
    return new Score(place, this.sheet);
  }

  private scope() {
    return scopeOf(this.place.memory, this.place.run.runtime.now());
  }
}

interface StopTerms {
  readonly status: SequenceStatus;
  readonly reason?: (score: Score) => unknown;
  readonly final?: boolean;
}

type ForEachTerms = Pick<ForEachBeat, 'id' | 'items' | 'as' | 'concurrency'>;
type ApprovalTerms = Pick<ApprovalBeat, 'decisionTimeoutMs' | 'onTimeout' | 'onReject'>;

/** A node of a graph; `beat` is the id of the beat that it plays. */
export interface GraphPart {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly beat: string;
  readonly part: Part;
}

/** An activity takes an object. */
function recordOf(input: unknown, handler: string): Record<string, unknown> {
  if (isRecord(input)) return input;
  throw new SelfhealError('BEAT_INPUT_INVALID', `"${handler}" was to run again with an input that is no object`);
}

/** A value as a history carries it: what is absent leaves no field. */
function asData(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
