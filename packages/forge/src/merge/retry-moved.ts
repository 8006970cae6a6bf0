import { isSelfhealError } from '@selfheal/contracts';

/** Others may land first again and again, but each time one of them made progress. */
const ATTEMPTS = 20;

/** Repeats work that lost a compare-and-swap, on the new state. Fails with GIT_HEAD_MOVED after a bounded number of attempts. */
export async function retryMoved<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isSelfhealError(error) || error.code !== 'GIT_HEAD_MOVED') throw error;
    }
  }
}
