import type { RemediationHost } from '@selfheal/temporal';
import { once } from '../engine/once.ts';

/** A host that is made when something failed: with it come the compiler and the model SDKs, which an engine at rest does without. */
export function lazyHost(make: () => Promise<RemediationHost>): RemediationHost {
  const host = once(make);
  return {
    gatherContext: async (...args) => (await host()).gatherContext(...args),
    askProposer: async (...args) => (await host()).askProposer(...args),
    recordAttempt: async (...args) => (await host()).recordAttempt(...args),
    retryWithPatch: async (...args) => (await host()).retryWithPatch(...args),
    keepPatch: async (...args) => (await host()).keepPatch(...args),
    escalate: async (...args) => (await host()).escalate(...args),
    handleDecision: async (...args) => (await host()).handleDecision(...args),
    endAttempt: async (...args) => (await host()).endAttempt(...args),
  };
}
