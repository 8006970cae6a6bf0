import { type BeatContract, type Plugin, type Ports, type SequenceId, sequences } from '@selfheal/contracts';
import { type HandlerParts, loadHandlers } from '@selfheal/handlers';
import type { AnyHandler, Beat } from '@selfheal/temporal';

/**
 * All beats that can run here: ours, loaded sequence by sequence as they are called, and the plugins'. Built alike in the main thread and
 * in each worker thread, since functions do not travel between threads.
 */
export function createBeats(plugins: readonly Plugin[]): Beat[] {
  const parts: HandlerParts = {
    detectors: plugins.flatMap((plugin) => plugin.detectors ?? []),
    fixTemplates: plugins.flatMap((plugin) => plugin.fixTemplates ?? []),
  };
  const ours = Object.entries(sequences).flatMap(([sequence, contracts]) => beatsOf(sequence as SequenceId, contracts, parts));
  const theirs = plugins.flatMap((plugin) =>
    Object.entries(plugin.handlers ?? {}).map(
      ([handler, run]): Beat => ({ handler, kind: 'stage-crew', run: (input, ports) => run(input, ports as Ports) }),
    ),
  );
  return [...ours, ...theirs];
}

function beatsOf(sequence: SequenceId, contracts: Readonly<Record<string, BeatContract>>, parts: HandlerParts): Beat[] {
  let loading: Promise<Map<string, AnyHandler>> | undefined;
  const load = async () => {
    // The adapter checks input and output against the contract, which is what makes this one widening safe.
    loading ??= loadHandlers[sequence](parts).then((handlers) => new Map(Object.entries(handlers) as [string, AnyHandler][]));
    return loading;
  };
  return Object.entries(contracts).map(([handler, contract]) => ({
    handler,
    contract,
    kind: contract.kind,
    run: async (input, ports) => {
      const run = (await load()).get(handler);
      if (run === undefined) throw new TypeError(`${sequence} has no handler ${handler}`);
      return run(input, ports);
    },
  }));
}
