/** What a template may name. `text` prints, `list` is walked by `each`, `record` has the fields named; `open` may have any. */
export type Variable =
  | { readonly kind: 'text'; readonly about: string }
  | { readonly kind: 'list'; readonly about: string; readonly of: Variable }
  | { readonly kind: 'record'; readonly about: string; readonly fields: Readonly<Record<string, Variable>> }
  | { readonly kind: 'open'; readonly about: string };

const text = (about: string): Variable => ({ kind: 'text', about });
const list = (about: string, of: Variable): Variable => ({ kind: 'list', about, of });
const record = (about: string, fields: Readonly<Record<string, Variable>>): Variable => ({ kind: 'record', about, fields });

const EXAMPLE = record('an earlier failure and what healed it', {
  title: text('what failed'),
  error: text('its error'),
  decision: text('what was decided'),
  reasoning: text('why'),
  patch: text('the edits, as JSON'),
  outcome: text('what came of it'),
});

/** All variables of prompt templates; there are no others. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  errorMessage: text('message of the error'),
  errorType: text('its type, such as TypeError'),
  errorCode: text('its code, where it has one'),
  stackTrace: text('frames of the stack, one a line'),
  causes: text('causes of the error, one a line'),
  code: text('all code shown, each part headed by its file and lines'),
  logs: text('log lines as templates with typed slots, oldest first'),
  environment: text('versions of Node.js, Temporal and dependencies'),
  input: text('what the failed beat was given, as JSON'),
  summary: text('the failure in one paragraph'),
  attempt: text('number of this attempt, from 1'),
  maxAttempts: text('attempts at most'),
  incident: record('the incident, where there is one', {
    id: text('its id'),
    class: text('error, performance, behavioral, coverage or activity'),
    title: text('its title'),
    severity: text('low, medium, high or critical'),
    occurrences: text('how often it was seen'),
    cause: text('what the diagnosis found, where there is one'),
    files: text('files that a fix may change, where a diagnosis names them'),
    proof: text('what the test asserts that a fix must make pass; the test itself is among the code'),
  }),
  activity: record('the beat that failed', {
    sequence: text('id of its sequence'),
    beat: text('its id'),
    handler: text('its handler'),
    workflowId: text('the workflow that ran it'),
    attempts: text('how often it had run'),
  }),
  codeParts: list(
    'parts of the code, the most relevant first',
    record('lines of one file', {
      file: text('path'),
      startLine: text('first line'),
      endLine: text('last line'),
      function: text('name of the function, where the part is one'),
      text: text('the code'),
      why: text('frame, activity, callee, caller, workflow, similar or test'),
    }),
  ),
  logLines: list(
    'log lines, oldest first',
    record('one line', {
      template: text('its constant text with slots'),
      values: text('values of its slots'),
      count: text('how often in a row'),
      level: text('its level'),
    }),
  ),
  stackFrames: list('frames of the stack', text('one frame')),
  attempts: list(
    'earlier attempts at this failure',
    record('one attempt', {
      attempt: text('its number'),
      decision: text('RETRY, FAIL or ESCALATE'),
      reasoning: text('why'),
      outcome: text('why it did not help'),
    }),
  ),
  learned: { kind: 'open', about: 'examples and insights: learned.examples, learned.rejected and learned.insights are lists' },
};

/** What is known of `learned`: the rest of it may hold anything. */
export const LEARNED: Readonly<Record<string, Variable>> = {
  examples: list('accepted fixes of the same class', EXAMPLE),
  rejected: list('fixes of the same class that were refused or did not help', EXAMPLE),
  insights: list('what was learned of this class', text('one insight')),
};

/** Helpers of templates, with how many arguments each takes. */
export const HELPERS: Readonly<Record<string, { readonly least: number; readonly most: number; readonly about: string }>> = {
  eq: { least: 2, most: 2, about: 'whether two values are equal: {{#if (eq incident.class "error")}}' },
  truncate: { least: 2, most: 2, about: 'the first so many characters: {{truncate input 2000}}' },
  lines: { least: 2, most: 2, about: 'the first so many lines: {{lines stackTrace 10}}' },
  json: { least: 1, most: 1, about: 'a value as JSON: {{json learned}}' },
};

export const BLOCKS = ['if', 'unless', 'each', 'with'] as const;
