import { join } from 'node:path';
import { selfhealConfig } from '@selfheal/contracts';
import { createCodebase } from '@selfheal/repair/codebase';
import { createSandbox } from '@selfheal/sandbox';
import type { Row } from './table.ts';
import { type Took, took } from './took.ts';
import { makeWorkspace, writeFiles } from './workspace.ts';

const COLD_BOUND_S = 10;

/** How long the facts of a workspace of 5,000 files take: for the first time, after one changed file, and when they are known. */
export async function runIndexBench(folder: string): Promise<Row[]> {
  const root = join(folder, 'workspace');
  const { files, git } = await makeWorkspace(root);
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

function rowsOf(what: string, { wall, cpu }: Took, bound?: number): Row[] {
  return [
    { what, value: wall, unit: 's', ...(bound === undefined ? {} : { bound }) },
    { what: `${what}, processor time`, value: cpu, unit: 's' },
  ];
}
