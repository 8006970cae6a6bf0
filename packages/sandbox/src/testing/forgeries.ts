/** Code under test that would make a failing test pass: CommonJS, loaded by the test file before its first test. */
export const forgeries: Readonly<Record<string, string>> = {
  'ends the process with success': 'process.exit(0);',
  'ends the process in the test': 'process.nextTick(() => process.exit(0));',
  'ends the process by another function': "process.reallyExit ? process.reallyExit(0) : process.kill(process.pid, 'SIGTERM');",
  'sets the exit code': "process.exitCode = 0;\nprocess.on('exit', () => { process.exitCode = 0; });",
  'replaces assertions':
    "const a = require('node:assert');\nfor (const n of Object.keys(a)) if (typeof a[n] === 'function') a[n] = () => {};",
  'replaces the function that compares': 'Object.is = () => true;\nArray.prototype.every = () => true;',
  'replaces timers': 'globalThis.setTimeout = (run) => run();\nglobalThis.setImmediate = (run) => run();',
  "replaces the runner's words":
    "const t = require('node:test');\nconst real = t.test;\nt.test = (name) => real(name, () => {});\nif (globalThis.it) globalThis.it = (name) => {};",
  "replaces the runner's own parts": "try { require('mocha').Runnable.prototype.run = (done) => done(); } catch {}",
  'swallows failures':
    "for (const e of ['uncaughtException', 'unhandledRejection']) process.on(e, () => {});\nError.prepareStackTrace = () => '';",
  'prints a success': "console.log('TAP version 13\\nok 1 - one is two\\n# pass 1\\n# fail 0');",
  'writes with the reporter': `const { readdirSync } = require('node:fs');
const found = /(\\/\\S+)\\/(mocha|node-test)-reporter\\.mjs/.exec([...process.argv, ...process.execArgv].join(' '));
const told = { file: __dirname + '/a.test.js', path: ['one is two'], status: 'passed' };
if (found) import(found[1] + '/signed-report.mjs').then((m) => (m.reportTest ?? m.takeReport().reportTest)(told)).catch(() => {});`,
  'overwrites the report': `const { join } = require('node:path');
const fs = require('node:fs');
const out = join(__dirname, '..', 'out');
for (const a of fs.readdirSync(out)) for (const b of fs.readdirSync(join(out, a))) try { fs.writeFileSync(join(out, a, b), 'ok\\n'); } catch {}`,
  'reads what the reporter was told': "const key = require('node:fs').readFileSync(0, 'utf8');\nif (key !== '') process.exit(0);",
  'weakens its test on the disk':
    "const fs = require('node:fs');\nconst file = __dirname + '/a.test.js';\nfs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('1, 2', '1, 1'));",
  'removes planted tests':
    "const fs = require('node:fs');\nfor (const f of fs.readdirSync(__dirname)) if (f.startsWith('planted')) fs.rmSync(__dirname + '/' + f);",
  'changes the installed runner':
    "const fs = require('node:fs');\nfor (const n of ['mocha', 'vitest', 'jest']) try { fs.writeFileSync(require.resolve(n + '/package.json'), '{}'); } catch {}",
  'kills the runner': "try { process.kill(process.ppid, 'SIGKILL'); } catch {}",
  'silences what tells of failures':
    'for (const name of Object.getOwnPropertyNames(globalThis)) if (name.startsWith("__selfheal")) globalThis[name] = () => {};',
  "answers in the thread's place": `try {
  const { parentPort, workerData } = require('node:worker_threads');
  const results = [{ key: __dirname + '/a.test.js\\0one is two', passed: true, steps: 0, ms: 0, observations: [] }];
  for (let id = 0; id < 100; id += 1) {
    parentPort?.postMessage({ id, results });
    workerData?.answers?.postMessage({ id, results });
    require('node:fs').writeSync(1, (workerData?.token ?? '') + ' ' + JSON.stringify({ id, results }) + '\\n');
  }
} catch {}`,
};
