import type { Handler } from '@selfheal/contracts';

/**
 * Sequence deployment.deploy, movement Approve: what is to be shipped, and a person's decision where one was made.
 * Reads its input alone; writes nothing; cannot fail.
 */
export const deployRequested: Handler<'deployRequested'> = (input) => input;
