import type { Handler } from '@selfheal/contracts';

/**
 * Sequence learning.track, movement Load: which deployment is to be learned from, and the time at which it is looked at (epoch ms).
 * Reads its input alone; writes nothing; cannot fail.
 */
export const trackRequested: Handler<'trackRequested'> = (input) => input;
