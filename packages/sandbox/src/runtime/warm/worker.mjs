/** One thread of the warm process: loads the project's modules with a candidate's text in place and runs the chosen tests in it. */
import { parentPort, workerData } from 'node:worker_threads';
import { capture, decode } from './capture.mjs';
import { Coverage } from './coverage.mjs';
import { frameworkModules } from './frameworks.mjs';
import { ModuleGraph } from './module-graph.mjs';
import { installGlobals, observe, resetSteps } from './observe.mjs';
import { keepProperties } from './own-globals.mjs';
import { soundness } from './soundness.mjs';
import { Suite } from './suite.mjs';

const { root, framework, globals, texts, aliases, answers } = workerData;
// Test code could answer in our place.
delete workerData.answers;
const post = answers.postMessage.bind(answers);
const suite = new Suite();
installGlobals();
const provided = await frameworkModules(framework, globals, root, suite);
const restore = keepProperties(Object.values(provided).flatMap((module) => [module, module.default ?? module]));
const graph = new ModuleGraph({ root, texts, aliases, provided });
const coverage = new Coverage();
const isSound = await soundness(suite, provided);

parentPort.on('message', async (job) => {
  try {
    const answer = await perform(job);
    // What one candidate replaced would make all that come after it pass.
    const poisoned = answer.results?.some((result) => result.passed) === true && !(await isSound());
    post(poisoned ? { id: job.id, poisoned, broken: 'forged: what must fail passes' } : { id: job.id, ...answer });
  } catch (error) {
    post({ id: job.id, broken: `crashed: ${error?.message ?? error}` });
  }
});

/**
 * `texts`: changed modules by absolute path. `files`: test files. `wanted`: keys of tests to run; absent: all. `afterwards`: keys of tests that
 * run only where one of `wanted` passed, until one of them fails. `calls`: exported functions to call, and nothing else.
 */
async function perform({ texts: changed, files, wanted, afterwards, limits, covered, calls }) {
  restore();
  graph.replace(changed);
  resetSteps(limits);
  if (calls !== undefined) return { values: await callAll(calls, limits) };
  const results = [];
  const each = (result) => results.push(result);
  Error.stackTraceLimit = covered ? 20 : 0;
  if (covered) coverage.start();
  const context = { limits, coverage: covered ? coverage : undefined };
  const needed = files.filter(
    (file) => wanted === undefined || [...wanted, ...(afterwards ?? [])].some((key) => key.startsWith(`${file}\0`)),
  );
  const groups = new Map();
  for (const file of needed) groups.set(file, await loadTests(file, context, each));
  for (const group of groups.values())
    if (group !== undefined) await suite.run(group, { ...context, chosen: wanted, goOn: () => true }, each);
  if (covered) coverage.stop();
  if (afterwards === undefined || !results.some((result) => result.passed)) return { results };
  for (const group of groups.values()) {
    if (group !== undefined && !(await suite.run(group, { ...context, chosen: afterwards, goOn: (result) => result.passed }, each))) break;
  }
  return { results };
}

/** The tests that a file declares. A file that fails to load is a failed test by itself, and so is a script. */
async function loadTests(file, context, each) {
  const script = framework === 'script';
  suite.begin(file);
  const result = await suite.runOne({ key: `${file}\0`, name: '', run: () => graph.fresh(file), quiet: !script }, context);
  if (script || !result.passed) each(result);
  return script || !result.passed ? undefined : suite.collected;
}

async function callAll(calls, limits) {
  const values = [];
  for (const { module, name, args } of calls) {
    resetSteps(limits);
    values.push(await callOne(module, name, decode(args)));
  }
  return values;
}

async function callOne(module, name, args) {
  try {
    const exported = await graph.namespace(module);
    const target = exported[name] ?? exported.default?.[name] ?? exported.default;
    const value = await observe.within(() => target(...args));
    return `${capture(value)}\0${capture(args)}`;
  } catch (error) {
    return `throws ${error?.name ?? 'value'}`;
  }
}
