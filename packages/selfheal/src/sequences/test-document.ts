import { beatContract, SelfhealError } from '@selfheal/contracts';
import { type DryRun, dryRun, readSampleData } from '@selfheal/sequences';
import type { Beat } from '@selfheal/temporal';
import { createBeats } from '../beats/beat-registry.ts';
import { type KnownSequences, openDocument } from './open-sequences.ts';
import { standInOf } from './type-text.ts';

export interface TestRequest {
  /** A document, or the id of a known sequence. */
  readonly file: string;
  /** As readSampleData takes it. */
  readonly sample: unknown;
  readonly repo?: string;
}

/**
 * Runs a document on sample data without side effects. Pure handlers really run: ours by their contract, those of plugins that say so; all
 * others are only shown. Fails with SEQUENCE_INVALID where the document is not valid and with INPUT_INVALID for the sample data.
 */
export async function testDocument({ file, repo, sample }: TestRequest): Promise<DryRun> {
  const { plan, plans, plugins } = await openDocument(file, repo);
  return dryRun(plan, {
    sample: readSampleData(sample),
    plans,
    pure: pureHandlers(plugins),
    standIn: (handler) => {
      const contract = beatContract(handler);
      return contract && standInOf(contract.output);
    },
  });
}

function pureHandlers(plugins: KnownSequences['plugins']): Record<string, (input: unknown) => unknown> {
  const declared = new Set(plugins.flatMap(({ pureHandlers: names = [] }) => names));
  const pure = createBeats(plugins).filter(({ contract, handler, kind }) =>
    contract === undefined ? declared.has(handler) : kind === 'pure',
  );
  return Object.fromEntries(pure.map((beat) => [beat.handler, (input: unknown) => runPure(beat, input)]));
}

async function runPure({ contract, handler, run }: Beat, input: unknown): Promise<unknown> {
  if (contract === undefined) return run(input);
  const read = contract.input.safeParse(input);
  if (read.success) return run(read.data);
  const issues = read.error.issues.slice(0, 5).map(({ message, path }) => `${path.join('.') || '(whole)'}: ${message}`);
  throw new SelfhealError('BEAT_INPUT_INVALID', issues.join('; '), { where: { beat: handler } });
}
