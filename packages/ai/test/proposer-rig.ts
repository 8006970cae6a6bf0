import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aiConfig, type FailureContext, type Proposal, type ProposeOptions, type Records } from '@selfheal/contracts';
import { Placeholders } from '@selfheal/redaction';
import { openStore } from '@selfheal/store';
import type { z } from 'zod';
import { buildFailureContext, type FailureFacts } from '../src/context/build-context.ts';
import { templateChooser } from '../src/prompt/choose-template.ts';
import { createModelProposer } from '../src/proposer/model-proposer.ts';

export const PLACEHOLDERS = new Placeholders(Buffer.alloc(32, 7));

/** A real store in a folder of its own. */
export async function openTestRecords(): Promise<{ records: Records; folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-ai-'));
  const store = await openStore({ dataDir: folder });
  const dispose = async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { records: store.records, folder, [Symbol.asyncDispose]: dispose };
}

export type AiInput = z.input<typeof aiConfig>;

/** Asks the models of a configuration about a failure, as the coordinator does. */
export async function proposeWith(
  records: Records,
  config: AiInput,
  env: NodeJS.ProcessEnv,
  asked: { facts?: Partial<FailureFacts>; options?: Partial<ProposeOptions>; signal?: AbortSignal } = {},
): Promise<Proposal> {
  return openProposer(records, config, env)(asked);
}

/** The same proposer for several questions: its circuit breaker and rate limit remember. */
export function openProposer(records: Records, config: AiInput, env: NodeJS.ProcessEnv) {
  const parsed = aiConfig.parse(config);
  const proposer = createModelProposer({
    config: parsed,
    env,
    records,
    projectId: 'p',
    placeholders: PLACEHOLDERS,
    chooseTemplate: templateChooser({ records, projectId: 'p', fallback: parsed.promptTemplate }),
  });
  return async (
    asked: { facts?: Partial<FailureFacts>; options?: Partial<ProposeOptions>; signal?: AbortSignal } = {},
  ): Promise<Proposal> => {
    const options: ProposeOptions = {
      projectId: 'p',
      incidentId: 'i',
      remediation: { enabled: true },
      attempt: 1,
      previous: [],
      ...asked.options,
    };
    return proposer.propose(await contextOf(asked.facts ?? {}), options, asked.signal ?? new AbortController().signal);
  };
}

export async function contextOf(facts: Partial<FailureFacts>): Promise<FailureContext> {
  const error = {
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'total')",
    stack: 'TypeError: x\n    at sum (/repo/src/cart.js:2:18)',
  };
  return buildFailureContext(
    { subject: { sequence: 'checkout', beat: 'sum', handler: 'sum' }, error, ...facts },
    {
      configs: [{ preset: 'comprehensive' }],
      root: '/repo',
      placeholders: PLACEHOLDERS,
      secrets: [],
      code: {
        files: { 'src/cart.js': 'export function sum(cart) {\n  return cart.items.total;\n}\n' },
        functions: async () => [{ name: 'sum', startLine: 1, endLine: 3 }],
      },
    },
  );
}
