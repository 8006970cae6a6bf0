import { type BuildFix, type KeptBuilds, qualityOf, type TaskResult, whatNeeds } from '@selfheal/build';
import { type Edit, isSelfhealError, type PreviousAttempt, type SelfhealConfig } from '@selfheal/contracts';
import { hashEdits } from '@selfheal/repair';
import type { BuildContext, DrivenBuild } from '../drive.ts';
import type { BuildFailure } from './build-failure.ts';
import type { HealingDecider } from './decide.ts';
import { describeFix } from './describe-fix.ts';
import { HealingTree } from './healing-tree.ts';
import { objectionTo } from './object-to-edits.ts';

export interface HealedBuild {
  readonly driven: DrivenBuild;
  /** Each change that was tried, in order. */
  readonly fixes: readonly BuildFix[];
}

export interface Healing {
  readonly context: BuildContext;
  readonly kept: KeptBuilds;
  readonly policy: SelfhealConfig['policy'];
  readonly decider: HealingDecider;
  /** Tasks that ended well in the build before: these must not be broken. */
  readonly wasWell: ReadonlySet<string>;
}

/** Changes that are kept for one build: each is one cause. */
const MOST_FIXES = 10;
/** Decisions that are asked for about one cause. */
const MOST_ATTEMPTS = 3;

/**
 * Mends what failed, one cause after the other, in a private copy of the workspace: a proposed change is checked, then the failed task is
 * built with it, then what it blocked. Where the task fails no more, or with fewer errors, and nothing breaks that was well, the change is
 * kept as an offer. The workspace itself is not touched.
 */
export async function healFailures(healing: Healing, first: DrivenBuild): Promise<HealedBuild> {
  const { context } = healing;
  await using tree = await HealingTree.open(context);
  const run = new HealingRun(healing, first, tree);
  for (;;) {
    const failed = run.nextFailed();
    if (failed === undefined || context.signal.aborted) break;
    await run.mend(failed);
  }
  return run.outcome();
}

/** What became of a task in the copy. */
interface TreeEnd {
  readonly result: TaskResult;
  readonly log: string;
}

class HealingRun {
  readonly #healing: Healing;
  readonly #driven: DrivenBuild;
  readonly #tree: HealingTree;
  readonly #results: Map<string, TaskResult>;
  readonly #fixes: BuildFix[] = [];
  readonly #givenUp = new Set<string>();

  constructor(healing: Healing, driven: DrivenBuild, tree: HealingTree) {
    this.#healing = healing;
    this.#driven = driven;
    this.#tree = tree;
    this.#results = new Map(driven.results.map((result) => [result.id, result]));
  }

  nextFailed(): TaskResult | undefined {
    if (this.#fixes.filter(({ state }) => state === 'offered').length >= MOST_FIXES) return undefined;
    return [...this.#results.values()].find(({ id, state }) => state === 'failed' && !this.#givenUp.has(id));
  }

  outcome(): HealedBuild {
    return { driven: { ...this.#driven, results: [...this.#results.values()] }, fixes: this.#fixes };
  }

  /** Looks for the change of one cause; gives the task up where none is found. */
  async mend({ id, error = '' }: TaskResult): Promise<void> {
    const { context, decider } = this.#healing;
    const task = context.plan.tasks.get(id);
    if (task === undefined) throw new TypeError(`${id} is no task of this build`);
    const previous: PreviousAttempt[] = [];
    for (let attempt = 1; attempt <= MOST_ATTEMPTS && !context.signal.aborted; attempt++) {
      const failure: BuildFailure = { task, error, log: await this.#driven.logs.textOf(id) };
      context.onNotice(`${id}: looks for what is wrong`);
      const number = this.#fixes.length + 1;
      const attemptId = `${this.#driven.buildId}/${id}/${number}`;
      const decided = await decider.decide({ id: attemptId, tree: this.#tree, failure, attempt, previous }, context.signal);
      if (decided.kind === 'undecided') {
        context.onNotice(`${id}: nothing mends it: ${decided.why}`);
        break;
      }
      const { decision } = decided;
      const edits = decision.patch?.edits;
      if (edits === undefined) {
        context.onNotice(`${id}: ${decision.reasoning}`);
        break;
      }
      const fix = await describeFix(this.#tree, { number, task: id, decision, edits });
      const refusal = await this.#refusalOf(failure, edits);
      const patch = await this.#healing.kept.keepPatch(this.#driven.buildId, number, fix.diff);
      this.#fixes.push({ ...fix, patch, state: refusal === undefined ? 'offered' : 'refused', why: refusal ?? decision.reasoning });
      await decider.ended(attemptId, refusal === undefined ? 'healed' : 'refused', refusal ?? 'the task ends well with it');
      if (refusal === undefined) return;
      context.onNotice(`${id}: ${refusal}`);
      const { decision: kind, reasoning } = decision;
      previous.push({ attempt, decision: kind, reasoning, patchHash: hashEdits(edits), outcome: refusal });
    }
    this.#givenUp.add(id);
  }

  /** Why a change is not kept; undefined where it is. */
  async #refusalOf(failure: BuildFailure, edits: readonly Edit[]): Promise<string | undefined> {
    const objection = await objectionTo(this.#tree, edits, this.#healing.policy);
    if (objection !== undefined) return objection;
    await this.#tree.apply(edits);
    const refusal = await this.#tryOut(failure);
    await (refusal === undefined ? this.#tree.keep() : this.#tree.takeBack());
    return refusal;
  }

  /** Builds what failed, and then what it blocked, as the copy is now. */
  async #tryOut({ task, log }: BuildFailure): Promise<string | undefined> {
    const { plan } = this.#healing.context;
    let built: ReadonlyMap<string, TreeEnd>;
    try {
      built = await this.#build([task.id]);
    } catch (error) {
      // A dependency that closes a circle, a manifest that cannot be read.
      if (!isSelfhealError(error)) throw error;
      return error.message;
    }
    const end = built.get(task.id);
    const isWell = isGood(end?.result);
    const errors = qualityOf(end?.log ?? '').errors;
    if (!isWell && !(errors > 0 && errors < qualityOf(log).errors)) return 'with it the task fails as before';
    const failed = new Set([...this.#results.values()].flatMap(({ id, state }) => (state === 'failed' && id !== task.id ? [id] : [])));
    const dependents = isWell ? whatNeeds(plan, task.id, failed) : [];
    const after = dependents.length === 0 ? built : await this.#build(dependents);
    const broken = dependents.find((id) => this.#healing.wasWell.has(id) && !isGood(after.get(id)?.result));
    if (broken !== undefined) return `with it ${broken} fails, which was well before`;
    this.#take(new Map([...built, ...after]));
    return undefined;
  }

  async #build(ids: readonly string[]): Promise<ReadonlyMap<string, TreeEnd>> {
    const logs = new Map<string, string>();
    const { startedAt, results } = await this.#tree.build(ids, (event) => {
      if (event.kind === 'ended') logs.set(event.result.id, event.log);
    });
    const byMs = startedAt.getTime() - this.#driven.startedAt.getTime();
    return new Map([...results].map(([id, result]) => [id, { result: later(result, byMs), log: logs.get(id) ?? '' }]));
  }

  /** What ended well before stays as it was told. */
  #take(built: ReadonlyMap<string, TreeEnd>): void {
    for (const [id, { result, log }] of built) {
      const before = this.#results.get(id);
      if (before === undefined || isGood(before)) continue;
      const healed: TaskResult = isGood(result) && before.state === 'failed' ? { ...result, state: 'healed' } : result;
      this.#results.set(id, healed);
      this.#driven.logs.add(id, log);
      this.#healing.context.onEvent({ kind: 'ended', result: healed, log }, () => this.#progress());
    }
  }

  #progress() {
    const counts = { waiting: 0, ready: 0, running: 0, blocked: 0, done: 0, cached: 0, failed: 0, cancelled: 0 };
    for (const { state } of this.#results.values()) counts[state === 'built' || state === 'healed' ? 'done' : state] += 1;
    return { counts, running: [], leftMs: () => undefined };
  }
}

function isGood(result: TaskResult | undefined): boolean {
  return result !== undefined && (result.state === 'built' || result.state === 'cached' || result.state === 'healed');
}

function later(result: TaskResult, byMs: number): TaskResult {
  const { startedMs, endedMs } = result;
  return startedMs === undefined || endedMs === undefined ? result : { ...result, startedMs: startedMs + byMs, endedMs: endedMs + byMs };
}
