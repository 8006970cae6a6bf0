import type { FailureError } from '@selfheal/contracts';
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';

const MOST_STACK = 8_000;
const MOST_MESSAGE = 4_000;
const MOST_CAUSES = 5;
/** The code of errors that are not ours; the class of the error says more. */
const ANY_ERROR = 'BEAT_FAILED';

/** The error of a handler out of the engine's failures around it, short enough to travel. The stack is that of where it was thrown. */
export function failureErrorOf(thrown: unknown): FailureError {
  const chain = causesOf(thrown).filter((link) => !(link instanceof ActivityFailure || link instanceof ChildWorkflowFailure));
  const [first] = chain;
  if (first === undefined) return { type: 'Error', message: thrown instanceof Error ? thrown.message : String(thrown), causes: [] };
  // The activity wraps what the handler threw, with the same message.
  const own = chain.findLast((link) => link.message === first.message) ?? first;
  const type = typeOf(first);
  const causes = chain.slice(chain.indexOf(own) + 1, chain.indexOf(own) + 1 + MOST_CAUSES);
  return {
    type: type === ANY_ERROR ? typeOf(own) : type,
    message: bareMessage(first).slice(0, MOST_MESSAGE),
    ...(own.stack !== undefined && { stack: own.stack.slice(0, MOST_STACK) }),
    causes: causes.map((link) => ({ type: typeOf(link), message: link.message.slice(0, MOST_MESSAGE) })),
  };
}

/** Errors of our registry travel with their bare text beside the message, which says title and remedy too. */
function bareMessage(error: Error): string {
  const [about] = error instanceof ApplicationFailure ? (error.details ?? []) : [];
  const bare = typeof about === 'object' && about !== null && 'detail' in about ? about.detail : undefined;
  return typeof bare === 'string' ? bare : error.message;
}

function causesOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let link = thrown; link instanceof Error && chain.length < 20; link = link.cause) chain.push(link);
  return chain;
}

/** The class of an error that came over the wire is known by its stack alone. */
function typeOf(error: Error): string {
  if (error instanceof ApplicationFailure && typeof error.type === 'string') return error.type;
  return /^([A-Za-z_$][\w$]*)(?::|\s|$)/.exec(error.stack ?? '')?.[1] ?? error.name;
}
