import type { DecisionKind, DecisionProposer, FailureContext } from '@selfheal/contracts';
import { decided, noIdea } from './answers.ts';

interface FailureClass {
  readonly name: string;
  readonly decision: DecisionKind;
  readonly signs: RegExp;
  readonly reasoning: string;
}

/** What passes by itself: RFC 9110 and the errno codes of sockets. */
const TRANSIENT: FailureClass = {
  name: 'transient',
  decision: 'RETRY',
  signs:
    /\b(ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|EAI_AGAIN|EBUSY|socket hang up|fetch failed|rate.?limit\w*|too many requests|service unavailable|bad gateway|gateway time-?out|deadlock|temporar(?:y|ily)|(?:HTTP|status)\D{0,10}(?:408|425|429|502|503|504))\b/i,
  reasoning: 'the error is of a kind that passes by itself',
};

const CLASSES: readonly FailureClass[] = [
  {
    name: 'gone',
    decision: 'FAIL',
    signs:
      /\b((?:HTTP|status)\D{0,10}(?:404|405|410|501)|not implemented|no longer (?:supported|available)|unsupported|deprecated and removed|unknown (?:format|version|version of)|end of life)\b/i,
    reasoning: 'what it asks for does not exist (any more), so running it again gives the same',
  },
  {
    name: 'right to it',
    decision: 'ESCALATE',
    signs:
      /\b((?:HTTP|status)\D{0,10}(?:401|402|403|407)|unauthori[sz]ed|forbidden|permission denied|access denied|EACCES|EPERM|expired (?:token|certificate|key|credential)\w*|invalid (?:token|api key|credential)\w*|quota|ENOSPC|disk full)\b/i,
    reasoning: 'a right, a credential or a resource is missing, which only a person can give',
  },
  {
    name: 'conflict',
    decision: 'ESCALATE',
    signs:
      /\b((?:HTTP|status)\D{0,10}409|conflict\w*|contradict\w*|ambiguous|disagree\w*|cannot be reconciled|reconcil\w*|duplicate\w* .*different)\b/i,
    reasoning: 'the data contradicts itself, and which side is right is a decision of a person',
  },
];

/** Names for data that does not hold what it should. */
const INVALID_DATA = /\b(invalid|malformed|not valid|wrong shape|cannot be parsed|validation|records? (?:are|is) (?:bad|invalid))\b/i;

/** Transient errors, and invalid input where the document names a handler that can do something about it: asked before any search. */
export const passing: DecisionProposer = {
  name: 'failure-class',
  async propose(context, { remediation, attempt }) {
    const text = textOf(context);
    const sign = TRANSIENT.signs.exec(text)?.[0];
    if (sign !== undefined)
      return decided('failure-class', { decision: 'RETRY', reasoning: `${TRANSIENT.reasoning} ("${sign}")`, confidence: 0.7 });
    const handler = remediation.decisionHandlers?.RETRY;
    const invalid = INVALID_DATA.exec(text)?.[0];
    const settled = CLASSES.some(({ signs }) => signs.test(text));
    if (handler === undefined || invalid === undefined || settled || attempt > 1)
      return noIdea('no error that passes, and no input that can be mended');
    return decided('failure-class', {
      decision: 'RETRY',
      reasoning: `its input is at fault ("${invalid}"), and "${handler}" can mend it`,
      confidence: 0.6,
    });
  },
};

/** Asked last: what nobody could mend fails, or goes to a person where only a person can help. */
export const settling: DecisionProposer = {
  name: 'last-word',
  async propose(context) {
    const text = textOf(context);
    for (const { signs, decision, reasoning } of CLASSES) {
      const sign = signs.exec(text)?.[0];
      if (sign !== undefined) return decided('last-word', { decision, reasoning: `${reasoning} ("${sign}")`, confidence: 0.8 });
    }
    return decided('last-word', { decision: 'FAIL', reasoning: 'no proposer knows what mends this error', confidence: 0.5 });
  },
};

function textOf({ error }: FailureContext): string {
  if (error === undefined) return '';
  return [error.type, error.code ?? '', error.message, ...error.causes.map(({ type, message }) => `${type} ${message}`)].join('\n');
}
