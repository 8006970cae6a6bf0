import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { makeOrdersRepository, ordersLog } from '@selfheal/testkit';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initRepository } from '../testing/init-repository.ts';
import { type TempTree, tempTree } from '../testing/temp-tree.ts';
import { buildPackage } from './build.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** What people have before the package is there: npm, and a Node that may be older than ours. */
const OUTSIDE = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

const USE = `import { createSelfHealing, definePlugin, SelfhealError, type SelfHealing, VERSION } from 'selfheal';

const plugin = definePlugin({ name: 'quiet', detectors: [{ name: 'none', type: 'error', detect: (snapshot) => (snapshot.slices.length < 0 ? [] : []) }] });
const healing: SelfHealing = await createSelfHealing({ repo: 'shop', config: { budgets: { 'GET /': 20 } }, plugins: [plugin] });
const sequences: string[] = Object.keys(healing.plans);
await healing.stop();
const refused = await createSelfHealing({ repo: 'nowhere' }).catch((error: unknown) => error instanceof SelfhealError && error.code);
console.log(JSON.stringify({ version: VERSION, sequences, plugins: healing.plugins.map(({ name }) => name), refused }));
`;

describe('the packed package', () => {
  let work: TempTree;
  let user: TempTree;
  let contents: string[];
  const inUser = (command: string, ...args: string[]) =>
    execa(command, args, { cwd: user.root, env: { PATH: OUTSIDE, CI: 'true' }, reject: false });

  beforeAll(async () => {
    work = tempTree();
    user = tempTree({
      'package.json': JSON.stringify({ name: 'user', private: true, type: 'module' }),
      'shop/package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { test: 'node --test' } }),
      'shop/shop.test.js': "import { test } from 'node:test';\ntest('is there', () => {});\n",
      'pause.json': JSON.stringify({
        id: 'pause',
        name: 'Pause',
        movements: [{ id: 'm', name: 'm', beats: [{ wait: { duration: '10ms' } }] }],
      }),
      'use.ts': USE,
      'tsconfig.json': JSON.stringify({
        compilerOptions: { target: 'es2024', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: [] },
        files: ['use.ts'],
      }),
    });
    initRepository(user.path('shop'));
    const stageDir = await buildPackage(ROOT, work.path('pack'));
    const packed = await execa('npm', ['pack', '--json', '--pack-destination', work.root], { cwd: stageDir });
    const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(packed.stdout);
    contents = files.map(({ path }) => path);
    await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', work.path(filename)], {
      cwd: user.root,
      env: { PATH: OUTSIDE },
    });
  }, 600_000);
  afterAll(() => {
    work[Symbol.dispose]();
    user[Symbol.dispose]();
  });

  it('holds compiled code, documents, licence and guides, and nothing of the tests', () => {
    expect(contents).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'cli/bin/selfheal.js',
        'dist/index.d.ts',
        'dist/threads/pure-beat.thread.js',
        'docs/getting-started.md',
        'node_modules/@selfheal/json-sequences/learning.track.json',
        'node_modules/@selfheal/sandbox/dist/runtime/vitest-reporter.mjs',
        'node_modules/@selfheal/temporal/dist/workflows/index.js',
      ]),
    );
    // The examples heal small projects, whose tests are the proof; `sequence compile` copies sources of ours into what it writes.
    const own = contents.filter((path) => !path.includes('/json-sequences/examples/projects/'));
    expect(own.filter((path) => /\.test\.|[/-]rig\.|\/fixtures\/|\/testing\/|testkit/.test(path))).toEqual([]);
    const sources = own.filter((path) => /(?<!\.d)\.ts$/.test(path));
    expect(sources.filter((path) => !/^node_modules\/@selfheal\/(contracts|sequences|temporal)\/src\//.test(path))).toEqual([]);
  });

  it('brings the command, under the Node that is there', async () => {
    const { stdout, stderr } = await inUser('npx', '--no-install', 'selfheal', '--version');
    expect(stderr).not.toMatch(/error/i);
    expect(stdout).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  });

  it('brings the seven sequences', async () => {
    const { stdout } = await inUser('npx', '--no-install', 'selfheal', 'sequence', 'list', '--repo', 'shop');
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'telemetry.parse',
      'anomaly.detect',
      'diagnosis.analyze',
      'fix.generate',
      'validation.run',
      'deployment.deploy',
      'learning.track',
    ]);
  });

  it('finds what a heal needs', async () => {
    const { stdout } = await inUser('npx', '--no-install', 'selfheal', 'doctor', '--repo', 'shop', '--json', '-');
    const findings: { name: string; state: string; found: string }[] = JSON.parse(stdout);
    expect(findings.find(({ name }) => name === 'tests')).toMatchObject({ state: 'ok', found: expect.stringContaining('node --test') });
    expect(findings.map(({ name }) => name)).toContain('temporal');
  });

  it('runs a sequence in its engine, workflow code and all', async () => {
    const { stdout } = await inUser('npx', '--no-install', 'selfheal', 'sequence', 'run', 'pause.json', '--repo', 'shop');
    expect(JSON.parse(stdout)).toMatchObject({ sequence: 'pause', status: 'completed', failures: [] });
  });

  it('embeds with its types', async () => {
    const checked = await execa(join(ROOT, 'node_modules/.bin/tsc'), ['-p', user.root], { reject: false });
    expect(checked.stdout).toBe('');
    const { stdout } = await execa(process.execPath, ['use.ts'], { cwd: user.root });
    expect(JSON.parse(stdout)).toMatchObject({
      sequences: expect.arrayContaining(['learning.track']),
      plugins: ['quiet'],
      refused: 'REPO_MISSING',
    });
  });

  it('heals a repository that is not ours in shape', async () => {
    const { root, stack, git } = await makeOrdersRepository();
    await using _gone = { [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
    user.write('orders.log', ordersLog({ stack, healthy: 40, failing: 4 }));
    const run = await inUser('npx', '--no-install', 'selfheal', 'heal', '--repo', root, '--logs', 'orders.log', '--json', 'report.json');
    expect(run.exitCode, run.stderr).toBe(0);
    const report: { incidents: { type: string; status: string; diagnosis: { file: string; line: number } }[] } = JSON.parse(
      user.read('report.json'),
    );
    expect(report.incidents).toMatchObject([{ type: 'error', status: 'merged', diagnosis: { file: 'lib/label.js', line: 12 } }]);
    expect(await git('show', '--stat', '--format=', 'main^2')).toMatch(/lib\/label\.js.*test\//s);
    expect((await execa('npm', ['test'], { cwd: root, reject: false })).exitCode).toBe(0);
  });
});
