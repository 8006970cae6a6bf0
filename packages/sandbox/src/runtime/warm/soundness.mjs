/**
 * Whether this thread can still tell right from wrong. Candidates run in it one after the other: one that replaced an assertion, a core
 * function or the suite's own parts would pass, and so would all after it. So what must fail is tried behind each one that passed.
 */
import assert from 'node:assert';

const ASSERTIONS = {
  ok: [false],
  equal: [1, 2],
  strictEqual: [1, 2],
  deepEqual: [{ a: 1 }, { a: 2 }],
  deepStrictEqual: [{ a: 1 }, { a: 2 }],
  notStrictEqual: [1, 1],
  throws: [() => undefined],
  match: ['a', /b/],
};
const EXPECTATIONS = {
  toBe: [1, 2],
  toEqual: [{ a: 1 }, { a: 2 }],
  toStrictEqual: [{ a: 1 }, { a: 2 }],
  toMatchObject: [{ a: 1 }, { a: 2 }],
  toContain: [[1], 2],
  toHaveLength: [[1], 2],
  toThrow: [() => undefined],
  toBeDefined: [undefined],
  toBeTruthy: [0],
};
const LIMITS = { steps: 1_000, testMs: 1_000 };

/** Gives a function that is true where everything that must fail does. `provided`: the runner's modules by specifier. */
export async function soundness(suite, provided) {
  const { expect } = Object.values(provided).find((module) => module.expect !== undefined) ?? {};
  const strict = assert.strict;
  const attempts = [assert, strict].flatMap((module) =>
    Object.entries(ASSERTIONS).map(
      ([name, args]) =>
        () =>
          module[name](...args),
    ),
  );
  if (expect !== undefined) {
    for (const [name, [value, ...args]] of Object.entries(EXPECTATIONS)) attempts.push(() => expect(value)[name](...args));
  }
  // What already does not fail here (a mock of an assertion in a setup) says nothing of a candidate.
  const failing = attempts.filter(fails);
  return async () => {
    for (let index = 0; index < failing.length; index += 1) if (!fails(failing[index])) return false;
    const planted = await suite.runOne({ key: 'planted', name: 'planted', run: throwPlanted, quiet: true }, { limits: LIMITS });
    return planted.passed === false;
  };
}

function throwPlanted() {
  throw new Error('planted');
}

function fails(attempt) {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}
