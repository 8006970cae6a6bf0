/** One thread of the warm process: loads the project's modules with a candidate's text in place and runs the chosen tests in it. */
import { parentPort, workerData } from 'node:worker_threads';
import { capture, decode } from './capture.mjs';
import { Coverage } from './coverage.mjs';
import { ModuleGraph } from './module-graph.mjs';
import { installGlobals, observe, resetSteps } from './observe.mjs';
import { frameworkModules } from './frameworks.mjs';
import { Suite } from './suite.mjs';

const post = parentPort.postMessage.bind(parentPort);
const { root, framework, globals, texts } = workerData;
const suite = new Suite();
installGlobals();
const graph = new ModuleGraph({ root, texts, provided: await frameworkModules(framework, globals, root, suite) });
const coverage = new Coverage();

parentPort.on('message', async (job) => {
  try {
    post({ id: job.id, ...(await perform(job)) });
  } catch (error) {
    post({ id: job.id, broken: `crashed: ${error?.message ?? error}` });
  }
});

/**
 * `texts`: changed modules by absolute path. `files`: test files. `wanted`: keys of tests in the order in which they are to run, with
 * `stopAt` the number of the first one from which a failure ends the run; absent: all tests. `calls`: exported functions to call.
 */
async function perform({ texts: changed, files, wanted, stopAt = 0, limits, covered, calls }) {
  graph.replace(changed);
  resetSteps(limits.steps);
  if (calls !== undefined) return { values: await callAll(calls, limits) };
  const results = [];
  if (covered) coverage.start();
  for (const file of files) {
    const chosen = wanted?.filter((key) => key.startsWith(`${file}\0`));
    if (chosen?.length === 0) continue;
    const position = (key) => (wanted === undefined ? 0 : wanted.indexOf(key));
    const goOn = (result) => result.passed || wanted === undefined || position(result.key) < stopAt;
    suite.begin(file);
    const context = { limits, chosen, goOn, coverage: covered ? coverage : undefined };
    if (!(await runFile(file, framework === 'script', context, results))) break;
  }
  if (covered) coverage.stop();
  return { results };
}

async function runFile(file, script, context, results) {
  const load = () => graph.fresh(file);
  if (script) {
    const result = await suite.runOne({ key: `${file}\0`, name: '', run: load }, context);
    results.push(result);
    return context.goOn(result);
  }
  const loading = await suite.runOne({ key: `${file}\0`, name: '', run: load, quiet: true }, context);
  if (!loading.passed) {
    results.push(loading);
    return context.goOn(loading);
  }
  return suite.run(context, (result) => results.push(result));
}

async function callAll(calls, limits) {
  const values = [];
  for (const { module, name, args } of calls) {
    resetSteps(limits.steps);
    values.push(await callOne(module, name, decode(args)));
  }
  return values;
}

async function callOne(module, name, args) {
  try {
    const exported = await graph.namespace(module);
    const target = exported[name] ?? exported.default?.[name] ?? exported.default;
    const value = await observe.within(() => target(...args));
    return `${capture(value)} | ${capture(args)}`;
  } catch (error) {
    return `throws ${error?.name ?? 'value'}`;
  }
}
