/** Collects the tests that a file declares, in whatever runner's words, and runs them one after the other in this thread. */
import { describe as describeError, observe, resetSteps } from './observe.mjs';
import { ownClearTimeout, ownSetTimeout } from './own-globals.mjs';

const HOOKS = ['before', 'after', 'beforeEach', 'afterEach'];

export class Suite {
  #file = '';
  #group;

  begin(file) {
    this.#file = file;
    this.#group = newGroup(undefined, '');
  }

  /** `body` declares the group's tests, possibly asynchronously. */
  group(name, body, mode) {
    const group = newGroup(this.#group, name, mode);
    this.#group.entries.push(group);
    const outer = this.#group;
    this.#group = group;
    try {
      const declared = body?.({ name });
      if (typeof declared?.then === 'function') group.declared = declared;
    } finally {
      this.#group = outer;
    }
  }

  add(name, body, mode) {
    this.#group.entries.push({ name: String(name), body, mode, key: this.#key(String(name)) });
  }

  hook(kind, body) {
    this.#group[kind].push(body);
  }

  /** What was declared since `begin`. */
  get collected() {
    return this.#group;
  }

  /** Runs what was declared. `each` gets every result; false where the context says to stop. */
  async run(group, context, each) {
    return this.#runGroup(group, context, each, { only: hasOnly(group), skip: false });
  }

  async #runGroup(group, context, each, state) {
    await group.declared;
    const selected = this.#testsIn(group, context, state);
    if (selected.size === 0) return true;
    const failure = await attempt(async () => {
      for (const hook of group.before) await call(hook);
    });
    let goOn = true;
    for (const entry of group.entries) {
      if (!goOn) break;
      if (entry.entries !== undefined) goOn = await this.#runGroup(entry, context, each, inner(state, entry));
      else if (selected.has(entry)) {
        const result = failure === undefined ? await this.runOne(entry, context, group) : broken(entry.key, failure);
        each(result);
        goOn = context.goOn(result);
      }
    }
    await attempt(async () => {
      for (const hook of group.after) await call(hook);
    });
    return goOn;
  }

  #testsIn(group, context, state) {
    const found = new Set();
    for (const entry of group.entries) {
      if (entry.entries !== undefined) for (const test of this.#testsIn(entry, context, inner(state, entry))) found.add(test);
      else if (runs(entry, state) && (context.chosen === undefined || context.chosen.includes(entry.key))) found.add(entry);
    }
    return found;
  }

  /** One test with the hooks around it. `entry.run` is a whole file. */
  async runOne(entry, { limits, coverage }, group) {
    resetSteps(limits);
    const started = performance.now();
    observe.begin(entry.quiet ? undefined : coverage);
    const around = lineage(group);
    const body = entry.run ?? (() => call(entry.body, entry.name));
    let error = await attempt(async () => {
      for (const outer of around) for (const hook of outer.beforeEach) await call(hook);
      await within(limits.testMs, body);
    });
    const cleaning = await attempt(async () => {
      for (const outer of around.toReversed()) for (const hook of outer.afterEach) await call(hook);
    });
    error ??= cleaning ?? takeStray();
    if (error !== undefined) observe.failed(error.value);
    else if (coverage !== undefined && !entry.quiet) globalThis.__selfheal_held('');
    const { observations, exhausted, calls, steps } = observe.end();
    const all = [...observations.values()];
    const result = { key: entry.key, passed: !exhausted && all.every(({ passed }) => passed), observations: all, steps };
    return { ...result, ms: performance.now() - started, ...(calls === undefined ? {} : { calls }) };
  }

  #key(name) {
    const path = [...lineage(this.#group).map((group) => group.name), name].filter((part) => part !== '').join(' > ');
    const same = this.#group.named;
    const count = (same.get(name) ?? 0) + 1;
    same.set(name, count);
    return `${this.#file}\0${path}${count === 1 ? '' : ` #${count}`}`;
  }
}

let stray;
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => {
    stray ??= { value: error };
  });
}

function takeStray() {
  const taken = stray;
  stray = undefined;
  return taken;
}

function newGroup(parent, name, mode) {
  return { parent, name: String(name), mode, entries: [], named: new Map(), ...Object.fromEntries(HOOKS.map((kind) => [kind, []])) };
}

function lineage(group) {
  const chain = [];
  for (let at = group; at !== undefined; at = at.parent) chain.unshift(at);
  return chain;
}

function hasOnly(group) {
  return group.entries.some((entry) => entry.mode === 'only' || (entry.entries !== undefined && hasOnly(entry)));
}

function inner(state, group) {
  return { only: state.only && group.mode !== 'only', skip: state.skip || group.mode === 'skip' };
}

function runs(test, { only, skip }) {
  return !skip && test.body !== undefined && test.mode !== 'skip' && (!only || test.mode === 'only');
}

function broken(key, failure) {
  return {
    key,
    passed: false,
    observations: [{ id: '', passed: false, covered: [], error: describeError(failure.value) }],
    steps: 0,
    ms: 0,
  };
}

async function attempt(run) {
  try {
    await run();
    return undefined;
  } catch (value) {
    return { value };
  }
}

/** A body may return a promise, or take a callback where its runner hands one out. */
function call(body, name) {
  if (!takesCallback(body)) return body.call({ timeout() {}, retries() {}, slow() {} }, testContext(name));
  return new Promise((resolve, reject) => {
    const done = (error) => (error ? reject(error) : resolve());
    done.fail = reject;
    body.call({ timeout() {} }, ...(body.callbackFirst ? [done] : [testContext(name), done]));
  });
}

function takesCallback(body) {
  return body.callbackFirst ? body.length >= 1 : body.length >= 2;
}

let makeContext = () => undefined;
export function useContext(make) {
  makeContext = make;
}
function testContext(name) {
  return makeContext(name);
}

function within(ms, run) {
  const started = run();
  if (typeof started?.then !== 'function') return started;
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = ownSetTimeout(() => reject(new Error(`the test took longer than ${ms} ms`)), ms);
  });
  return Promise.race([started, late]).finally(() => ownClearTimeout(timer));
}
