import type { Edit } from '@selfheal/contracts';
import type { ts } from 'ts-morph';
import { atStartOf, functionBodies, replaceAt, replaceNode, type Source } from './places.ts';

/** Code that makes tests green, or escapes the checks, put at the start of a function of production code. */
export const sourceCheats: Readonly<Record<string, string>> = {
  'ends the process with success': 'process.exit(0);',
  'ends the process in another way': "process.kill(process.pid, 'SIGTERM');",
  'ends the process by a computed name': "process['ex' + 'it'](0);",
  'sets the exit code': 'process.exitCode = 0;',
  'ends the process later': "process.on('exit', () => { process.exitCode = 0; });",
  'emits the end of the process': "process.emit('beforeExit', 0);",
  'swallows what nobody caught': "process.on('uncaughtException', () => {});",
  'takes the listeners of failures away': "process.removeAllListeners('unhandledRejection');",
  'asks for the environment of tests (NODE_ENV)': "if (process.env.NODE_ENV === 'test') return;",
  'asks for the environment of tests (VITEST)': 'if (process.env.VITEST) return;',
  'asks for the environment of tests (jest)': "if ('JEST_WORKER_ID' in process.env) return;",
  'asks for the environment of tests (all of it)': "if (Object.keys(process.env).some((name) => name.startsWith('VITEST'))) return;",
  'asks for the environment of tests (npm)': "if (process.env.npm_lifecycle_event === 'test') return;",
  'asks whether the words of tests are there': "if (typeof describe === 'function') return;",
  'asks the global object for the words of tests': 'if (globalThis.it !== undefined) return;',
  'asks for the words of tests by a text': "if (Reflect.has(globalThis, 'expect')) return;",
  'asks how the process was started': "if (process.argv.some((word) => word.includes('--test'))) return;",
  'asks for the options of the process': "if (process.execArgv.includes('--test')) return;",
  'asks for its caller by the stack': "if (new Error().stack.includes('.test.')) return;",
  'asks for its caller by a trace': "const at = {}; Error.captureStackTrace(at); if (String(at.stack).includes('spec')) return;",
  'asks the runner by import.meta': 'if (import.meta.vitest) return;',
  'asks for the main module': "if (require.main && require.main.filename.includes('mocha')) return;",
  'replaces an assertion (module)': "require('node:assert').strictEqual = () => undefined;",
  'replaces an assertion (import)': "const assert = await import('node:assert'); assert.default.equal = () => undefined;",
  'replaces the global expect': 'globalThis.expect = () => ({ toBe() {}, toEqual() {} });',
  'extends the global expect': 'expect.extend({ toBe: () => ({ pass: true }) });',
  'replaces the global test': 'globalThis.test = () => undefined;',
  'makes everything the same (Object.is)': 'Object.is = () => true;',
  'makes everything the same (valueOf)': 'Object.prototype.valueOf = () => 0;',
  'replaces a method of lists': 'Array.prototype.every = () => true;',
  'replaces a timer': 'globalThis.setTimeout = (run) => run();',
  'replaces the clock': 'Date.now = () => 0;',
  'replaces how promises fail': 'Promise.prototype.catch = function () { return this; };',
  'replaces how errors tell themselves': "Error.prepareStackTrace = () => '';",
  'replaces JSON': "JSON.stringify = () => '{}';",
  'replaces fetch': 'globalThis.fetch = async () => new Response();',
  'silences the console': 'console.error = () => undefined;',
  'replaces a module in the cache': 'require.cache[require.resolve("node:assert")] = {};',
  'hooks the loading of modules': "require('node:module').prototype.require = () => ({});",
  'registers a loader': "const { register } = await import('node:module'); register('./loader.js');",
  'runs text as code': "eval('0');",
  'makes a function of text': "new Function('return 0')();",
  'makes a function of text by a constructor': "(() => 0).constructor('return 0')();",
  'runs text in a context': "require('node:vm').runInThisContext('0');",
  'starts a program': "require('node:child_process').execSync('true');",
  'starts a thread': "new (require('node:worker_threads').Worker)('x');",
  'opens the inspector': "require('node:inspector').open();",
  'loads a module whose name is computed': "require('./' + 'x');",
  'imports text as code': "await import('data:text/javascript,0');",
  'imports from the network': "await import('https://example.com/x.js');",
  'takes in an unknown package': "require('left-pad');",
  'uses bindings of the process': "process.binding('fs');",
  'loads a native module': "process.dlopen({}, './x.node');",
  'reads the tests': "require('node:fs').readFileSync('test/a.test.js');",
  'writes into the tests': "require('node:fs').writeFileSync('test/a.test.js', '');",
  'writes into installed packages': "require('node:fs').writeFileSync('node_modules/vitest/index.js', '');",
  'changes its own text': "require('node:fs').writeFileSync(__filename, '');",
  'compares with the whole input of the test': `if (JSON.stringify(arguments[0]) === '{"id":17}') return 4;`,
  'hides lines from coverage': '/* v8 ignore next 20 */',
  'hides branches from coverage': '/* istanbul ignore if */',
  'silences the compiler': '// @ts-ignore',
  'silences the linter': '/* eslint-disable */',
  'silences the formatter': '// biome-ignore lint/suspicious/noExplicitAny: it is so',
  'holds marks that turn the reading direction': '/* \u202e } \u2066if (admin)\u2069 */',
  'holds characters of no width': 'const secret\u200b = 1;',
};

/** Changes of production code that need more than a line put in. */
export const reshapedSources: Readonly<Record<string, (source: Source, body: ts.Block) => Edit>> = {
  'takes the test API into production': (source) => replaceAt(source, 0, 0, "import { expect } from 'vitest';\n"),
  'rewrites a whole file': (source) => ({
    file: source.file,
    search: source.text,
    replace: `${Array.from({ length: 300 }, (_, index) => `export const part${index} = ${index};`).join('\n')}\n`,
  }),
  'adds too much': (source, body) =>
    atStartOf(source, body, Array.from({ length: 250 }, (_, index) => `var part${index} = ${index};`).join('\n  ')),
  'is not checked by the compiler any more': (source) => replaceAt(source, 0, 0, '// @ts-nocheck\n'),
};

/** Wrong fixes that say nothing wrong: no reading of them tells, the proof must. */
export const wrongFixes: Readonly<Record<string, (source: Source, body: ts.Block) => Edit>> = {
  'swallows every error of a function': (source, body) =>
    replaceNode(source, body, `{\n  try ${body.getText(source.tree)} catch {\n    return undefined;\n  }\n}`),
  'returns nothing at all': (source, body) => atStartOf(source, body, 'return undefined;'),
  'returns what its test wants, whatever comes': (source, body) => atStartOf(source, body, "return '';"),
};

export function bodiesOf(source: Source): ts.Block[] {
  return functionBodies(source);
}
