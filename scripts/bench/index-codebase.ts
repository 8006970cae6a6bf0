import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { selfhealConfig } from '@selfheal/contracts';
import { createCodebase } from '@selfheal/repair/codebase';
import { createSandbox } from '@selfheal/sandbox';
import { execa } from 'execa';
import type { Row } from './table.ts';

const PACKAGES = 50;
const AREAS_PER_PACKAGE = 25;
const COLD_BOUND_S = 10;

/** How long the facts of a workspace of 5,000 files take: for the first time, after one changed file, and when they are known. */
export async function runIndexBench(folder: string): Promise<Row[]> {
  const root = join(folder, 'workspace');
  const files = workspaceFiles();
  await writeFiles(root, files);
  const git = (...args: string[]) => execa('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: root });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Generate a workspace');
  const dataDir = join(folder, 'index-data');
  const config = selfhealConfig.parse({});
  const open = () => {
    const records = { get: async () => undefined, insert: async <T>(_: string, record: T) => ({ record, inserted: true }) };
    return createCodebase({ root, dataDir, config, sandbox: createSandbox({ root, dataDir, config }), records, projectId: 'bench' });
  };
  const codebase = open();
  const cold = await took(async () => {
    const info = await codebase.info();
    process.stdout.write(`index: ${info.files.length} files, ${info.functions.length} functions, ${info.routes.length} routes\n`);
  });
  await writeFiles(root, {
    'packages/area-7/src/feature-3/service.ts': `${files['packages/area-7/src/feature-3/service.ts']}\n// changed\n`,
  });
  await git('commit', '-q', '-a', '-m', 'Change one file');
  const changed = await took(() => codebase.info());
  const known = await took(() => open().info());
  const lines = Object.values(files).reduce((sum, text) => sum + text.split('\n').length, 0);
  process.stdout.write(`index: ${Object.keys(files).length} files, ${lines} lines\n`);
  return [
    ...rowsOf('cold', cold, COLD_BOUND_S),
    ...rowsOf('after one changed file', changed),
    ...rowsOf('known commit, new process', known),
    { what: 'memory at the end (RSS)', value: process.memoryUsage.rss() / 2 ** 20, unit: 'MB' },
  ];
}

interface Took {
  /** Seconds by the clock. */
  readonly wall: number;
  /** Seconds of this process's threads: what would pass on a machine that does nothing else, git aside. */
  readonly cpu: number;
}

async function took(work: () => Promise<unknown>): Promise<Took> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

function rowsOf(what: string, { wall, cpu }: Took, bound?: number): Row[] {
  return [
    { what, value: wall, unit: 's', ...(bound === undefined ? {} : { bound }) },
    { what: `${what}, processor time`, value: cpu, unit: 's' },
  ];
}

async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** 50 packages of 25 features of four files each (routes, service, store, test), with imports within and across packages. */
function workspaceFiles(): Record<string, string> {
  const files: Record<string, string> = { 'package.json': JSON.stringify({ name: 'bench', private: true, workspaces: ['packages/*'] }) };
  for (let area = 0; area < PACKAGES; area += 1) {
    const folder = `packages/area-${area}`;
    files[`${folder}/package.json`] = JSON.stringify({
      name: `@bench/area-${area}`,
      type: 'module',
      exports: './src/index.ts',
      scripts: { test: 'node --test' },
    });
    const features = Array.from({ length: AREAS_PER_PACKAGE }, (_, index) => index);
    files[`${folder}/src/index.ts`] = features.map((one) => `export * from './feature-${one}/service.ts';\n`).join('');
    for (const feature of features) Object.assign(files, featureFiles(`${folder}/src/feature-${feature}`, area, feature));
  }
  return files;
}

function featureFiles(folder: string, area: number, feature: number): Record<string, string> {
  const name = `Area${area}Feature${feature}`;
  const other = (area + 1) % PACKAGES;
  const steps = Array.from({ length: 6 }, (_, step) => step);
  return {
    [`${folder}/store.ts`]: `export interface ${name}Record {
  id: string;
  amount: number;
  lines: { sku: string; price: number; quantity: number }[];
  customer?: { name: string; contact?: { city: string; mail: string } };
}

const records = new Map<string, ${name}Record>();

${steps.map((step) => `/** Looks up the records of step ${step}. */\nexport async function find${name}Step${step}(id: string): Promise<${name}Record | undefined> {\n  const found = records.get(id);\n  if (found === undefined || found.amount < ${step}) return undefined;\n  return { ...found, lines: found.lines.filter((line) => line.quantity > ${step}) };\n}\n`).join('\n')}`,
    [`${folder}/service.ts`]: `import { ${steps.map((step) => `find${name}Step${step}`).join(', ')} } from './store.ts';
import { total${`Area${other}Feature${feature}`}Step0 } from '@bench/area-${other}';

${steps.map((step) => `export async function total${name}Step${step}(id: string, rate = ${step}): Promise<number | null> {\n  const record = await find${name}Step${step}(id);\n  if (!record) return null;\n  let sum = 0;\n  for (const line of record.lines) {\n    sum += line.price * line.quantity * rate;\n  }\n  const city = record.customer?.contact?.city ?? 'unknown';\n  return city === 'unknown' ? sum : sum + ((await total${`Area${other}Feature${feature}`}Step0(city)) ?? 0);\n}\n`).join('\n')}`,
    [`${folder}/routes.ts`]: `import type { FastifyInstance } from 'fastify';
import { ${steps.map((step) => `total${name}Step${step}`).join(', ')} } from './service.ts';

export async function routes(app: FastifyInstance): Promise<void> {
${steps.map((step) => `  app.get('/area-${area}/feature-${feature}/step-${step}/:id', async (request, reply) => {\n    const total = await total${name}Step${step}(request.params.id);\n    return total === null ? reply.code(404).send({ error: 'not found' }) : { total };\n  });\n`).join('')}}
`,
    [`${folder}/service.test.ts`]: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total${name}Step0 } from './service.ts';

test('knows no other', async () => {
  assert.equal(await total${name}Step0('none'), null);
});
`,
  };
}
