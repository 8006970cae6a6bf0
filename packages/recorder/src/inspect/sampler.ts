import { setTimeout as delay } from 'node:timers/promises';
import type { Described } from '../describe/describe-value.ts';
import type { SampledCall } from '../send/otlp.ts';
import { type CallFrame, type MainThread, type Paused, toArgument } from './main-thread.ts';
import type { ScriptPlace, Scripts } from './scripts.ts';
import { recordedFrames } from './thrown.ts';

/** A function that has failed, so that calls of it that go well are worth knowing. */
interface Watched {
  readonly start: ScriptPlace;
  /** Arguments seen, so that the same call is not recorded twice. */
  readonly seen: Set<string>;
  /** Times that it was watched for. */
  tries: number;
}

/** A call that went in and has not come out. */
interface Entered {
  readonly depth: number;
  readonly frame: CallFrame;
  readonly values: Readonly<Record<string, Described>>;
}

interface Armed {
  readonly watched: Watched;
  readonly entry: string;
  readonly breakpoints: string[];
  readonly entered: Entered[];
  pauses: number;
  taken: number;
  done: boolean;
}

const MAX_FUNCTIONS = 30;
const MAX_SAMPLES = 12;
const MAX_TRIES = 40;
/** One function is watched at a time, so long, and with so many pauses at most. */
const WATCH_MS = 2_000;
const MAX_PAUSES = 12;
const MAX_ENTERED = 4;
/** Each watch makes the engine compile the function anew, twice: one that brings several calls costs no more. */
const SAMPLES_A_WATCH = 3;
const LONGEST_REST_MS = 60_000;
const FIRST_REST_MS = 500;

/**
 * Samples calls that go well of functions that failed before. Two kinds of breakpoints, one call wide: at the function's first statement,
 * where its arguments are as they came, and at its returns, where the inspector tells the value. They stand for two seconds or twelve
 * pauses at most, one function at a time, and are away otherwise: the function runs at full speed between samples.
 */
export class Sampler {
  readonly #main: MainThread;
  readonly #scripts: Scripts;
  readonly #done: (call: SampledCall) => void;
  readonly #watched = new Map<string, Watched>();
  #armed: Armed | undefined;
  #arming = false;
  #running = false;
  #closed = false;

  constructor(main: MainThread, scripts: Scripts, done: (call: SampledCall) => void) {
    this.#main = main;
    this.#scripts = scripts;
    this.#done = done;
  }

  /** Functions that failed, innermost first. */
  watch(frames: readonly CallFrame[]): void {
    for (const { functionLocation, functionName } of frames.slice(0, 3)) {
      // A module's own code runs once.
      if (functionLocation === undefined || (functionName === '' && functionLocation.lineNumber === 0)) continue;
      const key = `${functionLocation.scriptId}:${functionLocation.lineNumber}:${functionLocation.columnNumber}`;
      if (this.#watched.has(key) || this.#watched.size >= MAX_FUNCTIONS) continue;
      this.#watched.set(key, { start: functionLocation, seen: new Set(), tries: 0 });
    }
    if (!this.#running && this.#watched.size > 0) {
      this.#running = true;
      void this.#run().catch(() => this.close());
    }
  }

  /** Whether the pause is one of ours; it is then dealt with when this settles. The application is still to be resumed. */
  async paused(paused: Paused): Promise<void> {
    const armed = this.#armed;
    const [frame] = paused.callFrames;
    if (armed === undefined || armed.done || frame === undefined) return;
    armed.pauses += 1;
    const hit = paused.hitBreakpoints ?? [];
    if (hit.includes(armed.entry)) await this.#enter(armed, frame, paused.callFrames.length);
    if (frame.returnValue !== undefined) await this.#leave(armed, frame, paused.callFrames.length);
    if (armed.pauses >= MAX_PAUSES) armed.done = true;
    if (armed.done) await this.#disarm(armed);
  }

  /** Breakpoints stand. */
  get isArmed(): boolean {
    return this.#arming || this.#armed !== undefined;
  }

  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    await delay(FIRST_REST_MS);
    while (!this.#closed) {
      const next = this.#next();
      if (next === undefined) break;
      if (!this.#main.isAwake) {
        await delay(FIRST_REST_MS);
        continue;
      }
      next.tries += 1;
      this.#arming = true;
      const armed = await this.#arm(next).finally(() => {
        this.#arming = false;
      });
      if (armed !== undefined) {
        await delay(WATCH_MS);
        await this.#disarm(armed);
      }
      // The first samples come soon, later ones seldom: a breakpoint makes the engine compile the function anew.
      await delay(Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** next.tries));
    }
    this.#running = false;
  }

  #next(): Watched | undefined {
    const open = [...this.#watched.values()].filter(({ seen, tries }) => seen.size < MAX_SAMPLES && tries < MAX_TRIES);
    return open.sort((a, b) => a.tries - b.tries)[0];
  }

  async #arm(watched: Watched): Promise<Armed | undefined> {
    const places = await this.#main.breakPlaces(watched.start);
    const [first] = places;
    const returns = places.filter(({ type }) => type === 'return');
    if (first === undefined || returns.length === 0 || (await this.#isGenerator(watched.start))) {
      watched.tries = MAX_TRIES;
      return undefined;
    }
    const entry = await this.#main.setBreakpoint(first);
    if (entry === undefined) return undefined;
    const armed: Armed = { watched, entry, breakpoints: [entry], entered: [], pauses: 0, taken: 0, done: false };
    this.#armed = armed;
    for (const place of returns) {
      const id = await this.#main.setBreakpoint(place);
      if (id !== undefined) armed.breakpoints.push(id);
    }
    return armed;
  }

  async #disarm(armed: Armed): Promise<void> {
    armed.done = true;
    if (this.#armed === armed) this.#armed = undefined;
    for (const id of armed.breakpoints.splice(0)) await this.#main.removeBreakpoint(id);
  }

  async #enter(armed: Armed, frame: CallFrame, depth: number): Promise<void> {
    const probed = await this.#main.probe('called', {}, [frame]);
    const values = given(probed?.frames[0] ?? {});
    // One that went in at the same depth did not come out by a return: it threw, or it awaits.
    if (armed.entered.length >= MAX_ENTERED) armed.entered.shift();
    armed.entered.push({ depth, frame, values });
  }

  async #leave(armed: Armed, frame: CallFrame, depth: number): Promise<void> {
    const returned = frame.returnValue;
    const asynchronous = returned?.subtype === 'promise';
    const value = asynchronous && returned.objectId !== undefined ? await this.#main.fulfilledWith(returned.objectId) : returned;
    if (value === undefined) return;
    const probed = await this.#main.probe('called', toArgument(value), [frame]);
    const entered =
      probed && armed.entered.findLast((one) => (asynchronous ? agrees(one.values, probed.frames[0] ?? {}) : one.depth === depth));
    if (probed?.result === undefined || entered === undefined) return;
    armed.entered.splice(armed.entered.indexOf(entered), 1);
    const key = JSON.stringify(entered.values);
    if (armed.watched.seen.has(key)) return;
    armed.watched.seen.add(key);
    const [recorded] = recordedFrames([entered.frame], [entered.values], this.#scripts);
    if (recorded !== undefined) this.#done({ time: Date.now(), frame: recorded, result: probed.result });
    armed.taken += 1;
    if (armed.taken >= SAMPLES_A_WATCH) armed.done = true;
  }

  /** A generator's returns are not what its caller gets. */
  async #isGenerator({ scriptId, lineNumber, columnNumber = 0 }: ScriptPlace): Promise<boolean> {
    const lines = (await this.#main.sourceText(scriptId)).split('\n', lineNumber + 1);
    const before = `${lines.at(-2) ?? ''}\n${(lines.at(-1) ?? '').slice(0, columnNumber)}`;
    return /\*\s*(?:[\w$#]+|\[[^\]]*\])?\s*$/.test(before);
  }
}

/** At its first statement a function's variables are the arguments; locals are there, but nothing yet. */
function given(values: Readonly<Record<string, Described>>): Record<string, Described> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isUndefined(value)));
}

function isUndefined(value: Described): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value.$type === 'undefined';
}

/** Calls of an async function overlap: the one that comes out is known by its arguments. */
function agrees(entered: Readonly<Record<string, Described>>, now: Readonly<Record<string, Described>>): boolean {
  return Object.entries(entered).every(([name, value]) => JSON.stringify(now[name]) === JSON.stringify(value));
}
