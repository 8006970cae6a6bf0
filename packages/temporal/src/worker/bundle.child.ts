/** Entry of a child process: makes the workflow bundle and writes it to the draft. What the bundler needed of memory goes with the process. */
import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';

const nothing = () => undefined;
const quiet = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: (message: string) => process.stderr.write(`${message}\n`),
};

const [workflowsPath = '', draft = '', ...workflowInterceptorModules] = process.argv.slice(2);
const { code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger: quiet });
await writeFile(draft, code);
