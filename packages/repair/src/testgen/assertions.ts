import type { TestStyle } from './test-style.ts';

/** Statements that assert, in the repository's own manner. Arguments are source code. */
export interface Assertions {
  /** Equal primitives. */
  equal(actual: string, expected: string): string;
  deepEqual(actual: string, expected: string): string;
  truthy(condition: string, message: string): string;
  atMost(actual: string, limit: string, message: string): string;
  /** `call` must not throw, or not reject where it is asynchronous. */
  succeeds(call: string, asynchronous: boolean): string;
  /** `call` must throw an error of this name; awaited where it is asynchronous. */
  throwsNamed(call: string, errorName: string, asynchronous: boolean): string;
}

export function assertionsOf(style: TestStyle): Assertions {
  const { kind, name } = style.assertion;
  const end = style.code.semicolon;
  const quote = (text: string) =>
    style.code.quote + text.replaceAll('\\', '\\\\').replaceAll(style.code.quote, `\\${style.code.quote}`) + style.code.quote;
  if (kind === 'expect') return expectation(name, end, quote);
  if (kind === 'chai') return chai(name, end, quote);
  if (kind === 'ava') return ava(name, end, quote);
  if (kind === 'tap') return tap(name, end, quote);
  return assertion(name, kind === 'assert', end, quote);
}

type Quote = (text: string) => string;

function expectation(expect: string, end: string, quote: Quote): Assertions {
  return {
    equal: (actual, expected) => {
      const short: Record<string, string> = { null: 'toBeNull()', undefined: 'toBeUndefined()' };
      return `${expect}(${actual}).${short[expected] ?? `toBe(${expected})`}${end}`;
    },
    deepEqual: (actual, expected) => `${expect}(${actual}).toEqual(${expected})${end}`,
    truthy: (condition) => `${expect}(${condition}).toBe(true)${end}`,
    atMost: (actual, limit) => `${expect}(${actual}).toBeLessThanOrEqual(${limit})${end}`,
    succeeds: (call, asynchronous) =>
      asynchronous
        ? `await ${expect}(${call}.then(() => ${quote('done')})).resolves.toBe(${quote('done')})${end}`
        : `${expect}(() => ${call}).not.toThrow()${end}`,
    throwsNamed: (call, errorName, asynchronous) => {
      const match = `${expect}.objectContaining({ name: ${quote(errorName)} })`;
      return asynchronous ? `await ${expect}(${call}).rejects.toEqual(${match})${end}` : `${expect}(() => ${call}).toThrow(${match})${end}`;
    },
  };
}

function chai(expect: string, end: string, quote: Quote): Assertions {
  return {
    equal: (actual, expected) => `${expect}(${actual}).to.equal(${expected})${end}`,
    deepEqual: (actual, expected) => `${expect}(${actual}).to.deep.equal(${expected})${end}`,
    truthy: (condition, message) => `${expect}(${condition}, ${quote(message)}).to.equal(true)${end}`,
    atMost: (actual, limit, message) => `${expect}(${actual}, ${quote(message)}).to.be.at.most(${limit})${end}`,
    succeeds: (call, asynchronous) => (asynchronous ? `await ${call}${end}` : `${expect}(() => ${call}).to.not.throw()${end}`),
    throwsNamed: (call, errorName, asynchronous) => {
      const caught = asynchronous
        ? `await ${call}.catch((caught) => caught)`
        : `(() => { try { return ${call}; } catch (caught) { return caught; } })()`;
      return `${expect}(${caught}).to.have.property(${quote('name')}, ${quote(errorName)})${end}`;
    },
  };
}

function assertion(assert: string, loose: boolean, end: string, quote: Quote): Assertions {
  const [equal, deepEqual] = loose ? ['strictEqual', 'deepStrictEqual'] : ['equal', 'deepEqual'];
  return {
    equal: (actual, expected) => `${assert}.${equal}(${actual}, ${expected})${end}`,
    deepEqual: (actual, expected) => `${assert}.${deepEqual}(${actual}, ${expected})${end}`,
    truthy: (condition, message) => `${assert}.ok(${condition}, ${quote(message)})${end}`,
    atMost: (actual, limit, message) => `${assert}.ok(${actual} <= ${limit}, ${quote(message)})${end}`,
    succeeds: (call, asynchronous) =>
      asynchronous ? `await ${assert}.doesNotReject(${call})${end}` : `${assert}.doesNotThrow(() => ${call})${end}`,
    throwsNamed: (call, errorName, asynchronous) =>
      asynchronous
        ? `await ${assert}.rejects(${call}, { name: ${quote(errorName)} })${end}`
        : `${assert}.throws(() => ${call}, { name: ${quote(errorName)} })${end}`,
  };
}

function ava(t: string, end: string, quote: Quote): Assertions {
  return {
    equal: (actual, expected) => `${t}.is(${actual}, ${expected})${end}`,
    deepEqual: (actual, expected) => `${t}.deepEqual(${actual}, ${expected})${end}`,
    truthy: (condition, message) => `${t}.true(${condition}, ${quote(message)})${end}`,
    atMost: (actual, limit, message) => `${t}.true(${actual} <= ${limit}, ${quote(message)})${end}`,
    succeeds: (call, asynchronous) =>
      asynchronous ? `await ${t}.notThrowsAsync(() => ${call})${end}` : `${t}.notThrows(() => ${call})${end}`,
    throwsNamed: (call, errorName, asynchronous) => {
      const expected = `{ name: ${quote(errorName)} }`;
      return asynchronous ? `await ${t}.throwsAsync(() => ${call}, ${expected})${end}` : `${t}.throws(() => ${call}, ${expected})${end}`;
    },
  };
}

function tap(t: string, end: string, quote: Quote): Assertions {
  return {
    equal: (actual, expected) => `${t}.equal(${actual}, ${expected})${end}`,
    deepEqual: (actual, expected) => `${t}.strictSame(${actual}, ${expected})${end}`,
    truthy: (condition, message) => `${t}.ok(${condition}, ${quote(message)})${end}`,
    atMost: (actual, limit, message) => `${t}.ok(${actual} <= ${limit}, ${quote(message)})${end}`,
    succeeds: (call, asynchronous) => (asynchronous ? `await ${t}.resolves(${call})${end}` : `${t}.doesNotThrow(() => ${call})${end}`),
    throwsNamed: (call, errorName, asynchronous) => {
      const expected = `{ name: ${quote(errorName)} }`;
      return asynchronous ? `await ${t}.rejects(${call}, ${expected})${end}` : `${t}.throws(() => ${call}, ${expected})${end}`;
    },
  };
}
