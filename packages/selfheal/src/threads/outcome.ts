import { type ErrorCode, type ErrorWhere, isSelfhealError, SelfhealError } from '@selfheal/contracts';

/** What a thread answers. Errors travel as data: a class and its code would not survive the way between threads. */
export type Outcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly message: string; readonly code?: ErrorCode; readonly detail?: string; readonly where?: ErrorWhere };

export async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, output: await work() };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return isSelfhealError(error)
      ? { ok: false, message, code: error.code, detail: error.detail, where: error.where }
      : { ok: false, message };
  }
}

/** What the work gave; fails as it failed. */
export function outputOf(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.output;
  const { code, detail, message, where } = outcome;
  throw code === undefined ? new Error(message) : new SelfhealError(code, detail ?? message, { where: where ?? {} });
}
