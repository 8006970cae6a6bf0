import type { FailureFacts } from '@selfheal/ai';

/** A made-up failure that shows every variable of a template, for previews where nothing is recorded yet. */
export const SAMPLE_FAILURE: FailureFacts = {
  subject: {
    sequence: 'checkout',
    beat: 'chargeCard',
    handler: 'chargeCard',
    workflowId: 'checkout-sample',
    attempts: 3,
    incident: { id: 'sample', class: 'error', title: 'TypeError in chargeCard', severity: 'high', occurrences: 12 },
  },
  error: {
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'amount')",
    code: 'E_SAMPLE',
    stack: '    at chargeCard (src/charge.js:12:20)\n    at runBeat (src/run.js:40:9)',
    causes: [{ type: 'Error', message: 'the order has no payment' }],
  },
  logs: [{ text: '2026-01-01T00:00:00.000Z ERROR E_SAMPLE 42', level: 'error' }],
  input: { orderId: 'A17', payment: null },
  learned: {
    examples: [
      {
        title: 'an order without lines',
        error: 'TypeError',
        decision: 'RETRY',
        reasoning: 'the list may be missing',
        patch: '[]',
        outcome: 'healed',
      },
    ],
    insights: ['guards before property access healed 8 of 9 such errors'],
  },
};
