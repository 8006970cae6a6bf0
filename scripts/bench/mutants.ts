import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { repairRepository } from 'selfheal/repair';
import { median, type Row } from './table.ts';

const ROUNDS = 3;
/** StrykerJS's runner takes mocha up to 11. */
const PEER = ['@stryker-mutator/core@10', '@stryker-mutator/mocha-runner@10', 'mocha@11'];
const SEARCH_MS = 20_000;
/** No edit of the module makes it pass, so that the search goes on to its end. */
const UNFIXABLE =
  "\nit('is asked for what cannot be', () => assert.equal(lineTotal({ price: 250, quantity: 3 }), undefined ?? Number.NaN));\n";

/**
 * Variants of one module that its tests judge in a second: StrykerJS with its runner for mocha, one worker, against the candidates of
 * our search, which runs in one process too. Start and first test run are left out on both sides.
 */
export async function runMutantBench(folder: string): Promise<Row[]> {
  const healthy = await layOut(join(folder, 'healthy'), '');
  const failing = await layOut(join(folder, 'failing'), UNFIXABLE);
  const peer: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const stryker = await strykerSpeed(healthy);
    if (typeof stryker === 'string') process.stdout.write(`mutants: ${stryker}\n`);
    else peer.push(stryker);
    const { candidates } = await repairRepository({ repo: failing, budgetMs: SEARCH_MS });
    ours.push(candidates.perSecond);
  }
  const own: Row = { what: 'candidates of the search', value: median(ours), unit: '1/s' };
  if (peer.length === 0) return [own];
  return [
    own,
    { what: "StrykerJS's mutants", value: median(peer), unit: '1/s' },
    { what: 'ratio', value: median(ours) / median(peer), unit: 'x' },
  ];
}

async function layOut(root: string, more: string): Promise<string> {
  const from = join(import.meta.dirname, 'mutants');
  await mkdir(join(root, 'test'), { recursive: true });
  await cp(join(from, 'basket.js'), join(root, 'src/basket.js'));
  await writeFile(join(root, 'test/basket.spec.js'), (await readFile(join(from, 'basket.spec.js'), 'utf8')) + more);
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'basket', private: true, scripts: { test: 'mocha test/*.spec.js' } }));
  await writeFile(join(root, '.mocharc.json'), JSON.stringify({ spec: ['test/*.spec.js'] }));
  await execa('npm', ['install', '--no-audit', '--no-fund', ...(more === '' ? PEER : PEER.slice(-1))], { cwd: root });
  return root;
}

/** Mutants a second: those of a whole run, by its time over that of the start and the first test run. */
async function strykerSpeed(cwd: string): Promise<number | string> {
  const run = async (...more: string[]): Promise<number> => {
    const from = performance.now();
    const args = ['run', '--testRunner', 'mocha', '--mutate', 'src/**/*.js', '--reporters', 'json', '--concurrency', '1', ...more];
    await execa(join(cwd, 'node_modules/.bin/stryker'), args, { cwd, stdin: 'ignore' });
    return performance.now() - from;
  };
  try {
    const startMs = await run('--dryRunOnly');
    const wholeMs = await run();
    const report = JSON.parse(await readFile(join(cwd, 'reports/mutation/mutation.json'), 'utf8'));
    const mutants = report.files['src/basket.js'].mutants.length;
    return (1_000 * mutants) / (wholeMs - startMs);
  } catch (error) {
    return `StrykerJS does not run here: ${error instanceof ExecaError ? error.shortMessage : String(error)}`;
  }
}
