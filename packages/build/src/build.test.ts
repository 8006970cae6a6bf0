import { readFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeWorkspace, type TestWorkspace } from './workspace-for-tests.ts';

const DIAMOND = { app: ['lib', 'ui'], lib: ['base'], ui: ['base'], base: [], docs: [] };

const outputOf = ({ root }: TestWorkspace, name: string) => readFile(join(root, `packages/${name}/dist/out.txt`), 'utf8');
const all = (state: string) => Object.fromEntries(Object.keys(DIAMOND).map((name) => [name, state]));

describe('a build', () => {
  test('builds dependencies first, and nothing twice', async () => {
    const workspace = await makeWorkspace(DIAMOND);
    expect(await workspace.build()).toEqual(all('built'));
    expect(await outputOf(workspace, 'app')).toContain('base');
    expect(await workspace.build()).toEqual(all('cached'));
    expect((await readFile(workspace.runs, 'utf8')).split('\n').filter(Boolean).toSorted()).toEqual(Object.keys(DIAMOND).toSorted());
  });

  test('builds again what changed and what needs it', async () => {
    const workspace = await makeWorkspace(DIAMOND);
    await workspace.build();
    await workspace.write('packages/ui/src/index.txt', 'another');
    expect(await workspace.build()).toEqual({ ...all('cached'), ui: 'built', app: 'built' });
    expect(await outputOf(workspace, 'app')).toContain('another');
  });

  test('sees a new file, a removed one, a shared one and a variable', async () => {
    const workspace = await makeWorkspace({ one: [] });
    await workspace.build();
    const changes = [
      () => workspace.write('packages/one/src/more/deep.txt', 'x'),
      () => rm(join(workspace.root, 'packages/one/src/more'), { recursive: true }),
      () => workspace.write('package-lock.json', '{}'),
      () => chmod(join(workspace.root, 'packages/one/src/index.txt'), 0o755),
    ];
    const states: unknown[] = [];
    for (const change of changes) {
      await change();
      states.push((await workspace.build()).one);
    }
    // What the second change leaves is what was there at first.
    expect(states).toEqual(['built', 'cached', 'built', 'built']);
    expect(await workspace.build({ env: { ...process.env, RUNS: `${workspace.runs}2` } })).toEqual({ one: 'built' });
  });

  test('brings back outputs that were removed or changed', async () => {
    const workspace = await makeWorkspace(DIAMOND);
    await workspace.build();
    const before = await outputOf(workspace, 'app');
    await rm(join(workspace.root, 'packages/app/dist'), { recursive: true });
    await writeFile(join(workspace.root, 'packages/base/dist/out.txt'), 'spoilt');
    await writeFile(join(workspace.root, 'packages/base/dist/stray.txt'), 'stray');
    expect(await workspace.build()).toEqual(all('cached'));
    expect(await outputOf(workspace, 'app')).toBe(before);
    expect(await readdir(join(workspace.root, 'packages/base/dist'))).toEqual(['out.txt']);
    expect(workspace.logs().get('app#build')).toBe('built app\n');
  });

  test('goes on with what does not need a failed package', async () => {
    const workspace = await makeWorkspace(DIAMOND);
    await workspace.write(
      'packages/lib/package.json',
      JSON.stringify({ name: 'lib', scripts: { build: 'echo no good; exit 3' }, dependencies: { base: '*' } }),
    );
    expect(await workspace.build()).toEqual({ ...all('built'), lib: 'failed', app: 'blocked' });
    const lib = workspace.results().find(({ id }) => id === 'lib#build');
    expect(lib?.error).toBe('exit code 3: echo no good; exit 3\nno good');
    expect(workspace.results().find(({ id }) => id === 'app#build')?.blockedBy).toEqual(['lib#build']);
    expect(await workspace.build()).toMatchObject({ base: 'cached', lib: 'failed' });
  });

  test('does not keep a result whose inputs changed while it ran', async () => {
    const workspace = await makeWorkspace({ one: [], two: ['one'] });
    const build = 'mkdir -p dist; cat src/index.txt > dist/out.txt; date +%N >> src/index.txt';
    await workspace.write('packages/one/package.json', JSON.stringify({ name: 'one', version: '1.0.0', scripts: { build } }));
    await workspace.build();
    expect(workspace.results().map(({ notKept }) => notKept)).toEqual([
      'its inputs changed while it ran',
      'a task that it depends on was not kept',
    ]);
    expect(await workspace.build()).toEqual({ one: 'built', two: 'built' });
  });

  test('ends a command that takes too long, with all that it started', async () => {
    const workspace = await makeWorkspace({ one: [] });
    const pids = join(workspace.root, 'pids');
    await workspace.write(
      'packages/one/package.json',
      JSON.stringify({ name: 'one', scripts: { build: `sleep 300 & echo $! > ${pids}; sleep 300` } }),
    );
    expect(await workspace.build({ rules: { build: { timeoutMs: 500 } } })).toEqual({ one: 'failed' });
    const pid = Number(await readFile(pids, 'utf8'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('stops when asked to, and takes up what was left', async () => {
    const workspace = await makeWorkspace(DIAMOND);
    const stop = new AbortController();
    const states = await workspace.build({
      concurrency: 1,
      signal: stop.signal,
      onEvent: ({ kind }) => void (kind === 'ended' && stop.abort()),
    });
    expect(Object.values(states).filter((state) => state === 'built')).toHaveLength(1);
    expect(Object.values(states).filter((state) => state === 'cancelled')).toHaveLength(4);
    const after = await workspace.build();
    expect(Object.values(after).filter((state) => state === 'cached')).toHaveLength(1);
  });

  test('runs again from clean outputs what a killed build had begun', async () => {
    const workspace = await makeWorkspace({ one: [] });
    await workspace.build();
    await workspace.write('packages/one/src/index.txt', 'changed');
    await mkdir(join(workspace.root, 'packages/one/dist'), { recursive: true });
    await writeFile(join(workspace.root, 'packages/one/dist/half.txt'), 'half written');
    // As a process that died after it had begun leaves it.
    await appendFile(join(workspace.root, '../data/journal.jsonl'), '{"task":"one#build","record":{}}\n{"task":"one#bui');
    expect(await workspace.build()).toEqual({ one: 'built' });
    expect(await readdir(join(workspace.root, 'packages/one/dist'))).toEqual(['out.txt']);
  });

  test('a damaged cache is built over', async () => {
    const workspace = await makeWorkspace({ one: [] });
    await workspace.build();
    const contents = join(workspace.root, '../data/cache/contents');
    for (const name of await readdir(contents, { recursive: true })) {
      const file = join(contents, name);
      if ((await stat(file)).isFile()) await writeFile(file, 'rotten');
    }
    await rm(join(workspace.root, 'packages/one/dist'), { recursive: true });
    expect(await workspace.build()).toEqual({ one: 'built' });
    expect(await outputOf(workspace, 'one')).toBe('src/index.txt: one');
  });

  test('whatever is edited, and however, the outputs are those of a build from nothing', async () => {
    const names = ['a', 'b', 'c'];
    const workspace = await makeWorkspace({ a: [], b: ['a'], c: ['b'] });
    const at = (path: string) => join(workspace.root, path);
    /** Each is a way to change what a build sees; some hide it: times are put back, a link leads elsewhere, what is ignored changes. */
    const ways: Readonly<Record<string, (folder: string, text: string) => Promise<unknown>>> = {
      write: (folder, text) => workspace.write(`${folder}/src/x/y.txt`, text),
      remove: (folder) => rm(at(`${folder}/src/x`), { recursive: true, force: true }),
      writeAsBefore: async (folder, text) => {
        const { atime, mtime } = await stat(at(`${folder}/src/index.txt`));
        await workspace.write(`${folder}/src/index.txt`, text);
        await utimes(at(`${folder}/src/index.txt`), atime, mtime);
      },
      replace: async (folder, text) => {
        await workspace.write(`${folder}/src/new.tmp`, text);
        await rename(at(`${folder}/src/new.tmp`), at(`${folder}/src/index.txt`));
      },
      link: async (folder, text) => {
        await workspace.write('elsewhere/1.txt', 'one');
        await workspace.write('elsewhere/2.txt', 'two');
        await rm(at(`${folder}/src/linked.txt`), { force: true });
        await symlink(`../../../elsewhere/${text}.txt`, at(`${folder}/src/linked.txt`));
      },
      shared: (_folder, text) => workspace.write('shared.json', text),
      ignore: (_folder, text) => workspace.write('.gitignore', `dist/\nnode_modules/\n${text === '1' ? '*.log\n' : ''}`),
      output: (folder, text) => workspace.write(`${folder}/dist/out.txt`, text),
      stray: (folder, text) => workspace.write(`${folder}/dist/stray.txt`, text),
    };
    const edit = fc.record({
      name: fc.constantFrom(...names),
      way: fc.constantFrom(...Object.keys(ways)),
      text: fc.constantFrom('1', '2'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (changes) => {
        for (const { name, way, text } of changes) await ways[way]?.(`packages/${name}`, text);
        await workspace.build();
        const built = await Promise.all(names.map((name) => outputOf(workspace, name)));
        await workspace.build({ force: true });
        expect(built).toEqual(await Promise.all(names.map((name) => outputOf(workspace, name))));
      }),
      { numRuns: 12 },
    );
  });
});

/** One that has ended and that nobody has asked for yet is a zombie. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
