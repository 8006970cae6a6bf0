/**
 * What instrumented code reports. Project code calls `__selfheal_step` at each turn of a loop and each function entry; test code calls
 * `__selfheal_saw` for an assertion that threw and `__selfheal_held` for one that did not, so that one test tells of all its assertions;
 * `__selfheal_entered` hands over the arguments that an exported function is called with.
 */
import { fileURLToPath } from 'node:url';
import { capture, encode } from './capture.mjs';

let steps = 0;
let limit = Number.POSITIVE_INFINITY;
let deadline = Number.POSITIVE_INFINITY;
const STEPS_PER_LOOK = 256;
/** The test under way. */
let current;
const MOST_RECORDED_CALLS = 400;

export class StepLimit extends Error {
  name = 'StepLimit';
}

/** Fixed, as a candidate could else keep what it fails from being told. */
function install(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: false, configurable: false });
}

export function installGlobals() {
  install('__selfheal_step', () => {
    steps += 1;
    if (steps <= limit && (steps % STEPS_PER_LOOK !== 0 || performance.now() < deadline)) return;
    limit = 0;
    if (current !== undefined) current.exhausted = true;
    throw new StepLimit(`more than ${limit} steps`);
  });
  install('__selfheal_saw', (id, error) => {
    if (current === undefined || error instanceof StepLimit) throw error;
    note(id, error);
  });
  install('__selfheal_held', (id) => {
    if (current !== undefined) note(id, undefined);
  });
  install('__selfheal_entered', (name, args) => {
    if (current?.calls === undefined || current.calls.length >= MOST_RECORDED_CALLS) return;
    const encoded = encode(args);
    if (encoded !== undefined) current.calls.push({ name, args: encoded });
  });
}

/** Steps may grow dear (a string that doubles): then the time ends them, still without the thread having to be replaced. */
export function resetSteps({ steps: most, testMs }) {
  steps = 0;
  limit = most;
  deadline = performance.now() + testMs;
}

export const observe = {
  begin(coverage) {
    const before = steps;
    current = { observations: new Map(), exhausted: false, coverage, calls: coverage === undefined ? undefined : [], before };
    coverage?.take(() => undefined);
    return current;
  },
  end() {
    const ended = current;
    current = undefined;
    return { ...ended, steps: steps - ended.before };
  },
  failed(error) {
    note('', error);
  },
  async within(run) {
    return run();
  },
};

function note(id, error) {
  const known = current.observations.get(id);
  const covered = current.coverage?.take(projectPath);
  const ran = [...(known?.covered ?? []), ...(covered === undefined ? [] : [covered])];
  if (known !== undefined && !known.passed) {
    known.covered = ran;
    return;
  }
  current.observations.set(id, { id, passed: error === undefined, covered: ran, ...(error === undefined ? {} : { error: told(error) }) });
}

/** Describing a failure takes longer than most tests; of a candidate's run only its kind matters. */
function told(error) {
  return current.coverage === undefined ? { type: String(error?.name ?? typeof error), message: '' } : describe(error);
}

/** V8 tells modules by URL, CommonJS by path. */
function projectPath(url) {
  if (url.includes('/node_modules/')) return undefined;
  return url.startsWith('file:') ? fileURLToPath(url) : url.startsWith('/') ? url : undefined;
}

/** What an assertion library tells of a failure: both sides where it has them. */
export function describe(error) {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: String(error) };
  const sides = error.matcherResult ?? error;
  const told = { type: String(error.name ?? 'Error'), message: String(error.message ?? '').slice(0, 600) };
  if (typeof error.stack === 'string') told.stack = error.stack.slice(0, 3_000);
  for (const side of ['actual', 'expected']) {
    if (!(side in sides)) continue;
    told[side] = capture(sides[side]);
    const bytes = encode(sides[side]);
    if (bytes !== undefined) told[`${side}Bytes`] = bytes;
  }
  return told;
}
