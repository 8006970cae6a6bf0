import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export interface WorkflowBundle {
  readonly codePath: string;
  /** Hash of the workflow code: the worker's build id. */
  readonly buildId: string;
}

/** Beside this file: TypeScript in a checkout, JavaScript once compiled. */
const WORKFLOWS = fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url));

const BUILDER = fileURLToPath(new URL(`./bundle.child${extname(import.meta.url)}`, import.meta.url));

/** In every bundle, so that turning tracing on or off changes no workflow's commands; without the worker's plugin its spans go nowhere. */
const TRACING = createRequire(import.meta.url).resolve('@temporalio/interceptors-opentelemetry-v2/lib/workflow-interceptors');

/** The workflow bundle, built once for each state of its sources and kept in `cacheDir`. */
export async function workflowBundle(cacheDir: string): Promise<WorkflowBundle> {
  const buildId = await hashSources();
  const codePath = join(cacheDir, `workflows-${buildId}.js`);
  if (await exists(codePath)) return { codePath, buildId };
  await mkdir(cacheDir, { recursive: true });
  const draft = `${codePath}.${process.pid}`;
  await execa(process.execPath, [BUILDER, WORKFLOWS, draft, TRACING], { stdin: 'ignore' });
  await rename(draft, codePath);
  return { codePath, buildId };
}

/** The code that a bundle is made of: workflows, messages, the interpreter, the schedule of builds and the SDK's version. */
async function hashSources(): Promise<string> {
  const interpreter = dirname(fileURLToPath(import.meta.resolve('@selfheal/sequences/interpreter')));
  const sdk = fileURLToPath(import.meta.resolve('@temporalio/workflow/package.json'));
  const graph = dirname(fileURLToPath(import.meta.resolve('@selfheal/build-graph')));
  const folders = [dirname(WORKFLOWS), join(dirname(WORKFLOWS), '../messages'), interpreter, graph];
  const hash = createHash('sha256').update(await readFile(sdk));
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => /\.(ts|js)$/.test(name) && !/\.(test|d)\.ts$/.test(name)).sort();
    for (const name of names) hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
