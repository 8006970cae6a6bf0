import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

const PACKAGES = 50;
const AREAS_PER_PACKAGE = 25;

export interface BenchWorkspace {
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>;
  git(...args: string[]): Promise<unknown>;
}

/** A repository of about 5,000 files with one commit, at `root`. */
export async function makeWorkspace(root: string): Promise<BenchWorkspace> {
  const files = workspaceFiles();
  await writeFiles(root, files);
  const git = (...args: string[]) => execa('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: root });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Generate a workspace');
  return { files, git };
}

export async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
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
