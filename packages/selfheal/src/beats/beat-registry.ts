import { beatContract, type Plugin, type Ports } from '@selfheal/contracts';
import { createHandlers } from '@selfheal/handlers';
import type { AnyHandler, Beat } from '@selfheal/temporal';

/**
 * All beats that can run here: ours and the plugins'. Built alike in the main thread and in each worker thread, since functions do not
 * travel between threads.
 */
export function createBeats(plugins: readonly Plugin[]): Beat[] {
  const own = createHandlers({
    readers: plugins.flatMap((plugin) => plugin.readers ?? []),
    detectors: plugins.flatMap((plugin) => plugin.detectors ?? []),
    fixTemplates: plugins.flatMap((plugin) => plugin.fixTemplates ?? []),
  });
  const ours = Object.entries(own).map(([handler, run]): Beat => {
    const contract = beatContract(handler);
    if (contract === undefined) throw new TypeError(`handler ${handler} has no contract`);
    // The adapter checks input and output against the contract, which is what makes this one widening safe.
    return { handler, run: run as AnyHandler, contract, kind: contract.kind };
  });
  const theirs = plugins.flatMap((plugin) =>
    Object.entries(plugin.handlers ?? {}).map(
      ([handler, run]): Beat => ({ handler, kind: 'stage-crew', run: (input, ports) => run(input, ports as Ports) }),
    ),
  );
  return [...ours, ...theirs];
}
