import { join } from 'node:path';
import { type Blobs, type DecisionProposer, type PreviousAttempt, SelfhealError } from '@selfheal/contracts';
import { createBlobs } from '@selfheal/store';
import type { BuildEngine, CoordinatorInput, RemediationHost } from '@selfheal/temporal';
import { type OpenPrompts, openPrompts } from '../../ai/index.ts';
import { endAttempt, recordAttempt } from '../../remediation/attempts.ts';
import { escalate } from '../../remediation/escalate.ts';
import { askProposer, gatherContext } from '../../remediation/host.ts';
import type { BuildContext } from '../drive.ts';
import { type HealingAttempt, type HealingDecider, proposersFor } from './decide.ts';

/** What a coordinator asks of a build. */
export type CoordinatorHost = Pick<RemediationHost, 'gatherContext' | 'askProposer' | 'recordAttempt' | 'escalate'>;

/**
 * Lets CoordinatorWorkflows decide about failed tasks: here are the copy that is mended and who proposes changes to it, the models of the
 * configuration last. Attempts are records of the project, which `selfheal attempts` lists.
 */
export class HealingDesk implements AsyncDisposable {
  readonly #parts: OpenPrompts;
  readonly #blobs: Blobs;
  /** By id. */
  readonly #underWay = new Map<string, HealingAttempt>();

  private constructor(parts: OpenPrompts, blobs: Blobs) {
    this.#parts = parts;
    this.#blobs = blobs;
  }

  /** Fails with REPO_MISSING or REPO_NO_COMMIT where the workspace is no git repository with a commit, and with what the store fails with. */
  static async open({ place, env }: BuildContext): Promise<HealingDesk> {
    const parts = await openPrompts({ repo: place.root, dataDir: place.dataDir, env });
    return new HealingDesk(parts, createBlobs({ dir: join(place.dataDir, 'blobs') }));
  }

  get host(): CoordinatorHost {
    const { records, env, project, gather, prompts, models } = this.#parts;
    const blobs = this.#blobs;
    const ai = { gather, prompts, models };
    return {
      gatherContext: (input) => gatherContext({ ai, blobs }, input),
      askProposer: (request, call) => {
        const all = [...proposersFor(this.#attempt(request.attemptId)), models];
        return askProposer(
          { proposers: new Map(all.map((proposer): [string, DecisionProposer] => [proposer.name, proposer])), blobs },
          request,
          call,
        );
      },
      recordAttempt: (request) => recordAttempt({ records, blobs }, request),
      escalate: (request) => escalate({ project, plugins: [], env }, request),
    };
  }

  decider(engine: BuildEngine): HealingDecider {
    const { records, prompts } = this.#parts;
    return {
      decide: async (attempt) => {
        this.#underWay.set(attempt.id, attempt);
        try {
          const { decision, patchHash } = await engine.coordinate(attempt.id, this.#inputOf(attempt));
          const { patch } = (await records.need('remediationAttempt', attempt.id)).decision ?? {};
          if (decision.decision !== 'RETRY' || patchHash === undefined || patch === undefined)
            return { kind: 'undecided', why: `${decision.decision} by ${decision.proposer}: ${decision.reasoning}` };
          return { kind: 'decided', decision: { ...decision, patch } };
        } finally {
          this.#underWay.delete(attempt.id);
        }
      },
      ended: (attemptId, result, detail) =>
        endAttempt({ records, ai: { prompts } }, { projectId: this.#parts.project.id, attemptId, result, detail, timings: {} }),
    };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#parts[Symbol.asyncDispose]();
  }

  #attempt(id: string): HealingAttempt {
    const attempt = this.#underWay.get(id);
    if (attempt === undefined) throw new SelfhealError('REFERENCE_MISSING', `the build that asked about ${id} is gone`);
    return attempt;
  }

  #inputOf(attempt: HealingAttempt): CoordinatorInput {
    const { task, error } = attempt.failure;
    const proposers = [...proposersFor(attempt), this.#parts.models].map(({ name }) => name);
    return {
      projectId: this.#parts.project.id,
      failure: {
        sequence: 'build',
        movement: task.task,
        beat: task.id,
        handler: task.task,
        ordinal: attempt.attempt,
        workflowId: attempt.id,
        runId: '',
        input: null,
        error: { type: 'BUILD_TASK_FAILED', message: error.slice(0, MOST_CHARACTERS), causes: [] },
      },
      options: { enabled: true },
      proposers,
      attempt: attempt.attempt,
      previous: attempt.previous.map(shortened),
      trigger: 'automatic',
      awaitPersonMs: 0,
    };
  }
}

/** What goes into a history is small: the whole output is in the log. */
const MOST_CHARACTERS = 8_000;

function shortened(attempt: PreviousAttempt): PreviousAttempt {
  return { ...attempt, reasoning: attempt.reasoning.slice(0, MOST_CHARACTERS), outcome: attempt.outcome.slice(0, MOST_CHARACTERS) };
}
