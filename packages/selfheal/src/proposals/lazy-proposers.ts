import type { FixProposers } from '@selfheal/contracts';
import { once } from '../engine/once.ts';

/** Proposers that are made when a fix is wanted that nothing else found: with them come the model SDKs. */
export function lazyProposers(make: () => Promise<FixProposers>): FixProposers {
  const proposers = once(make);
  return {
    propose: async (...args) => (await proposers()).propose(...args),
    conclude: async (...args) => (await proposers()).conclude(...args),
  };
}
