import type { ErrorStats, StackFrame } from '@selfheal/contracts';

/**
 * What kind of error it is, before its rate is looked at.
 * `fault`: the application's own code failed. `foreign`: only dependencies, or no stack at all. `environment`: network, disk or
 * another service. `handled`: the client's doing, or logged as less than an error.
 */
export type ErrorClass = 'fault' | 'foreign' | 'environment' | 'handled';

const PROGRAMMING = new Set([
  'TypeError',
  'ReferenceError',
  'RangeError',
  'SyntaxError',
  'EvalError',
  'URIError',
  'AssertionError',
  'TSError',
]);
/** Wordings of V8 for programming errors, as a logged message without type and stack still carries them. */
const PROGRAMMING_MESSAGE =
  /cannot (?:read|set) propert|is not a function|is not defined|is not iterable|is not a constructor|before initialization|assignment to constant|maximum call stack|invalid (?:array length|time value|date)|unexpected (?:token|end of (?:json )?input|non-whitespace)|is not valid json|cannot destructure|cannot convert undefined or null|circular structure/i;
const DISCONNECT =
  /ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|premature close|socket hang up|client (?:closed|disconnected)|(?:request|operation) (?:was )?aborted|write after end/i;
const ENVIRONMENT =
  /ECONNREFUSED|ETIMEDOUT|ESOCKETTIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EMFILE|ENFILE|ENOSPC|ENOMEM|timed? ?out|timeout|connection (?:refused|reset|closed|terminated)|service unavailable|bad gateway|too many connections|rate limit/i;

export function classifyError(error: ErrorStats): ErrorClass {
  if (isClientsDoing(error) || isMinor(error)) return 'handled';
  if (isProgramming(error)) return inAppFrame(error) === undefined && Object.keys(error.operations).length === 0 ? 'foreign' : 'fault';
  if (ENVIRONMENT.test(`${error.type} ${error.normalisedMessage}`)) return 'environment';
  return inAppFrame(error) === undefined ? 'foreign' : 'fault';
}

/** Where in the application it was thrown. */
export function inAppFrame({ frames }: ErrorStats): StackFrame | undefined {
  return frames.find(({ inApp }) => inApp);
}

export function isProgramming({ type, normalisedMessage, examples }: ErrorStats): boolean {
  return (
    PROGRAMMING.has(type) ||
    PROGRAMMING_MESSAGE.test(normalisedMessage) ||
    examples.some(({ message }) => PROGRAMMING_MESSAGE.test(message))
  );
}

/** Whether the requests that it was seen in were answered as the server's failure. */
export function isServerFailure({ examples }: ErrorStats): boolean {
  return examples.some(({ request }) => (request?.status ?? 0) >= 500);
}

/** All requests answered 4xx, or the client hung up. */
function isClientsDoing({ type, normalisedMessage, examples }: ErrorStats): boolean {
  const statuses = examples.flatMap(({ request }) => (request?.status === undefined ? [] : [request.status]));
  if (statuses.length > 0 && statuses.every((status) => status >= 400 && status < 500)) return true;
  return DISCONNECT.test(`${type} ${normalisedMessage}`) || type === 'AbortError';
}

/** Logged as information or warning. A programming error with its stack is one at any level: someone caught it and went on. */
function isMinor(error: ErrorStats): boolean {
  if (error.severity === 'error' || error.severity === 'fatal') return false;
  return !(error.severity === 'warn' && isProgramming(error) && inAppFrame(error) !== undefined);
}
