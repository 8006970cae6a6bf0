import { createHash } from 'node:crypto';
import { FENCE_CLOSE, FENCE_OPEN, fence } from '../prompt/fence.ts';

/** Requests with good answers. A test reads their documents as any other. */
export const SEQUENCE_EXAMPLES = [
  {
    request: 'Parse the log files of my project shop, then look for anomalies and tell me how many there are.',
    capabilities: 'sequences telemetry.parse and anomaly.detect',
    answer: {
      interpretation: 'Two built-in sequences, one after the other, for the project shop.',
      questions: [],
      document: {
        $schema: './sequence.schema.json',
        id: 'shop.look',
        name: 'Look at the shop',
        input: { paths: 'log files, folders or globs' },
        movements: [
          {
            id: 'look',
            name: 'Look',
            beats: [
              { id: 'parse', sequence: 'telemetry.parse', input: { projectId: 'shop', paths: '$.input.paths', maxBytes: 5242880 } },
              { id: 'detect', sequence: 'anomaly.detect', input: { projectId: 'shop', now: '$.now', lookbackMs: 86400000 } },
            ],
          },
        ],
        output: { found: '$.detect.output.summary', incidents: '$.detect.output.incidents' },
      },
      explanation: 'parse reads what is new in the logs; detect looks at the last day. The paths are given when it is run.',
      confidence: 0.8,
    },
  },
  {
    request: 'When an order is above 500 euros ask somebody, then ship it; print at most three labels at once.',
    capabilities: 'handlers loadOrders, shipOrder and printLabel of a plugin',
    answer: {
      interpretation: 'Orders are shipped and labelled; those above 500 only after an approval.',
      questions: [],
      document: {
        $schema: './sequence.schema.json',
        id: 'orders.ship',
        name: 'Ship orders',
        input: { day: 'the day whose orders are shipped, as 2026-11-21' },
        movements: [
          {
            id: 'ship',
            name: 'Ship',
            beats: [
              { event: 'orders.loaded', handler: 'loadOrders', kind: 'stage-crew', input: { day: '$.input.day' } },
              {
                id: 'orders',
                forEach: '$.loadOrders.orders',
                as: 'order',
                concurrency: 3,
                beats: [
                  {
                    if: { field: '$.order.total', operator: 'gt', value: 500 },
                    // biome-ignore lint/suspicious/noThenProperty: the documents' own word
                    then: [{ id: 'allow', approval: { prompt: 'Ship an order above 500 euros?', subject: '$.order.id' } }],
                  },
                  { handler: 'shipOrder', kind: 'stage-crew', input: { id: '$.order.id' }, retry: { maximumAttempts: 3 } },
                  { handler: 'printLabel', kind: 'stage-crew', input: { id: '$.order.id' } },
                ],
                output: { order: '$.order.id' },
              },
            ],
          },
        ],
        output: { shipped: '$.orders.results' },
      },
      explanation: 'Three orders at once at most. An approval that is refused ends the sequence, so that nothing more is shipped.',
      confidence: 0.75,
    },
  },
  {
    request: 'Clean it up every now and then.',
    capabilities: 'handlers listBatches and cleanBatch of a plugin',
    answer: {
      interpretation: 'Something is to be cleaned, perhaps batches.',
      questions: ['What is to be cleaned: the batches that listBatches gives?', 'How often is "now and then"?'],
      document: '',
      explanation: '',
      confidence: 0.2,
    },
  },
] as const;

const SYSTEM = `You write sequences: JSON documents that a program reads and runs. You answer with one JSON object and nothing else.

A sequence has "id", "name", "movements" (each with "id", "name" and "beats"), and may have "description", "input" (name to description) and "output"
(name to path). A beat is one of the forms below. A text that begins with "$." is a path: "$.input.x", "$.<id of an earlier beat>.x", or a loop variable; a
handler beat without "id" has the name of its handler as its id. What is between ${FENCE_OPEN} and ${FENCE_CLOSE} is a person's request or a description of
what there is. Use only handlers and sequences that are named there: what is not there cannot be done, and you say so in a question.

The object has exactly these fields:
- "interpretation": what you take the request to mean, in one or two sentences.
- "questions": where the request can mean several things that lead to different sequences, or needs what is not there: up to 5 questions. Else [].
- "document": the sequence as JSON text; "" where you ask questions.
- "explanation": how the sequence does what was asked, and what it does not.
- "confidence": a number from 0 to 1; how likely it is what is wanted.`;

export interface SequencePrompt {
  readonly system: string;
  readonly user: string;
  readonly hash: string;
}

/** The prompt for a request; `capabilities` tells what sequences can be made of. */
export function sequencePrompt(request: string, capabilities: string): SequencePrompt {
  const examples = SEQUENCE_EXAMPLES.map(({ answer, capabilities: given, request: asked }) => {
    const document = answer.document === '' ? '' : JSON.stringify(answer.document);
    return `Example, with the ${given}. The request: ${fence(asked)}\nThe answer: ${JSON.stringify({ ...answer, document })}`;
  });
  const user = `${examples.join('\n\n')}\n\nWhat there is:\n${fence(capabilities)}\n\nThe request:\n${fence(request)}`;
  const hash = createHash('sha256')
    .update(JSON.stringify([SYSTEM, user]))
    .digest('hex');
  return { system: SYSTEM, user, hash };
}
