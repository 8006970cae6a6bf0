import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { selfhealCacheDir } from '../embedded/resolve-binary.ts';

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

/** Bundles that no engine started from for so long are removed. */
const UNUSED_MS = 30 * 86_400_000;

/**
 * The workflow bundle, built once for each state of its sources: it takes four seconds of processor time, and is the same for every
 * project. So it is kept in the user's cache folder; in `otherDir` where that cannot be written. The signal gives it up.
 */
export async function workflowBundle(otherDir: string, signal?: AbortSignal): Promise<WorkflowBundle> {
  const buildId = await hashSources();
  const name = `workflows-${buildId}.js`;
  const shared = join(selfhealCacheDir(process.env), 'workflows');
  const codePath = await ready(join(shared, name), signal).catch(() => ready(join(otherDir, name), signal));
  return { codePath, buildId };
}

/** Builds the bundle where it is not there yet. */
async function ready(codePath: string, signal: AbortSignal | undefined): Promise<string> {
  const now = new Date();
  const found = await utimes(codePath, now, now).then(
    () => true,
    () => false,
  );
  if (found) return codePath;
  const folder = dirname(codePath);
  await mkdir(folder, { recursive: true });
  const draft = `${codePath}.${process.pid}`;
  await writeFile(draft, '');
  await execa(process.execPath, [BUILDER, WORKFLOWS, draft, TRACING], { stdin: 'ignore', ...(signal && { cancelSignal: signal }) });
  await rename(draft, codePath);
  await removeUnused(folder, now.getTime() - UNUSED_MS);
  return codePath;
}

async function removeUnused(folder: string, before: number): Promise<void> {
  for (const name of (await readdir(folder)).filter((entry) => entry.startsWith('workflows-'))) {
    const path = join(folder, name);
    const used = await stat(path).catch(() => undefined);
    if (used !== undefined && used.mtimeMs < before) await rm(path, { force: true });
  }
}

/** The code that a bundle is made of: workflows, messages, the interpreter, the schedule of builds, the errors, and the versions of SDK and interceptors. */
async function hashSources(): Promise<string> {
  const interpreter = dirname(fileURLToPath(import.meta.resolve('@selfheal/sequences/interpreter')));
  const sdk = fileURLToPath(import.meta.resolve('@temporalio/workflow/package.json'));
  const graph = dirname(fileURLToPath(import.meta.resolve('@selfheal/build-graph')));
  const folders = [dirname(WORKFLOWS), join(dirname(WORKFLOWS), '../messages'), interpreter, graph];
  const errors = fileURLToPath(import.meta.resolve('@selfheal/contracts/errors'));
  const hash = createHash('sha256');
  for (const file of [sdk, TRACING, errors]) hash.update(await readFile(file));
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => /\.(ts|js)$/.test(name) && !/\.(test|d)\.ts$/.test(name)).sort();
    for (const name of names) hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
