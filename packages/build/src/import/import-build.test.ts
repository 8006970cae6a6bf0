import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { importBuild } from './import-build.ts';

async function workspace(files: Readonly<Record<string, unknown>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-import-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const all = {
    'package.json': { name: 'all', workspaces: ['packages/*'] },
    'packages/a/package.json': { name: 'a', scripts: { build: 'tsc' } },
    'packages/b/package.json': { name: 'b', scripts: { build: 'tsc' } },
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

describe('turbo.json', () => {
  test('of version 2, with comments, defaults, variables, what never ends and a part of one package', async () => {
    const root = await workspace({
      'turbo.json': `{ // comment
        "globalEnv": ["API"], "globalDependencies": ["tsconfig.json", "config/base.json"], "remoteCache": {},
        "tasks": {
          "build": { "dependsOn": ["^build"], "outputs": ["dist/**", "!dist/cache/**"], "env": ["MODE", "!NOT"], "inputs": ["$TURBO_DEFAULT$", "!README.md"], "outputLogs": "full" },
          "a#build": { "dependsOn": ["lint", "//#check"], "passThroughEnv": ["TOKEN"], "cache": false, "with": ["x"] },
          "lint": {}, "dev": { "persistent": true }, "//#check": {},
        } }`,
      'packages/b/turbo.json': { extends: ['//'], tasks: { build: { outputs: ['out/**'] } } },
    });
    expect(await importBuild(root)).toEqual({
      files: ['turbo.json', 'packages/b/turbo.json'],
      tasks: {
        build: { dependsOn: ['^build'], inputs: ['!README.md'], outputs: ['dist/**', '!dist/cache/**'], env: ['API', 'MODE'] },
        'a#build': { dependsOn: ['lint'], env: ['API', 'TOKEN'], cache: false },
        lint: { dependsOn: [], env: ['API'] },
        'b#build': { dependsOn: ['^build'], inputs: ['!README.md'], outputs: ['out/**'], env: ['API', 'MODE'] },
      },
      notes: [
        'turbo.json, globalDependencies: "config/base.json" is not at the root, so a change of it is not seen',
        'turbo.json, build: the variable !NOT cannot be taken out',
        'turbo.json, a#build: does not wait for //#check: the root is no package of the workspace',
        'turbo.json, a#build: a change of TOKEN builds again: every variable that a command gets is an input',
        'turbo.json, a#build: "with" has no counterpart',
        'turbo.json, dev: left out, because it never ends (persistent)',
        'turbo.json, //#check: tasks of the root are left out: it is no package of the workspace',
        'turbo.json: "remoteCache" has no counterpart',
        'packages/b/turbo.json, b#build: the variable !NOT cannot be taken out',
      ],
    });
  });

  test('of version 1, where variables are dependencies', async () => {
    const root = await workspace({ 'turbo.json': { pipeline: { build: { dependsOn: ['^build', '$API'] } } } });
    expect((await importBuild(root)).tasks).toEqual({ build: { dependsOn: ['^build'], env: ['API'] } });
  });
});

test('nx.json with project.json', async () => {
  const root = await workspace({
    'nx.json': {
      namedInputs: { production: ['default', '!{projectRoot}/**/*.test.ts', '{workspaceRoot}/tools/x.js'] },
      targetDefaults: {
        build: {
          dependsOn: ['^build'],
          inputs: ['production', '^production', { env: 'MODE' }],
          outputs: ['{projectRoot}/dist'],
          cache: true,
        },
      },
      plugins: ['@nx/js'],
    },
    'packages/a/project.json': {
      targets: {
        build: {
          executor: 'nx:run-commands',
          options: { command: 'node build.mjs', cwd: 'packages/a' },
          outputs: ['{workspaceRoot}/packages/a/out'],
        },
        pack: {
          executor: '@nx/js:tsc',
          dependsOn: [
            { target: 'build', dependencies: true },
            { target: 'lint', projects: ['b'] },
          ],
        },
        check: { command: 'node tools/check.js' },
      },
    },
  });
  const { tasks, notes } = await importBuild(root);
  expect(tasks).toEqual({
    build: { dependsOn: ['^build'], inputs: ['!**/*.test.ts'], outputs: ['dist/**'], env: ['MODE'], cache: true },
    'a#build': {
      dependsOn: ['^build'],
      command: 'node build.mjs',
      inputs: ['!**/*.test.ts'],
      outputs: ['out/**'],
      env: ['MODE'],
      cache: true,
    },
    'a#pack': { dependsOn: ['^build', 'b#lint'] },
    'a#check': { dependsOn: [], command: 'cd ../.. && node tools/check.js' },
  });
  expect(notes).toContain(
    'packages/a/project.json, targets.pack: the executor @nx/js:tsc is not run: give the package a script of this name',
  );
  expect(notes).toContain(
    'nx.json, targetDefaults.build: the input {workspaceRoot}/tools/x.js is outside the package, so a change of it is not seen',
  );
  expect(notes).toContain('nx.json: "plugins" has no counterpart');
});

test('lage.config.js, which is a program', async () => {
  const root = await workspace({
    'lage.config.js': `module.exports = { npmClient: 'npm', cacheOptions: { outputGlob: ['lib/**'] },
      pipeline: { build: ['^build'], test: { dependsOn: ['build', '^^build'], outputs: [], weight: 2, shouldRun: () => true } } };`,
  });
  expect(await importBuild(root)).toEqual({
    files: ['lage.config.js'],
    tasks: { build: { dependsOn: ['^build'], outputs: ['lib/**'] }, test: { dependsOn: ['build', '^build'] } },
    notes: ['lage.config.js, test: "^^build" waits for direct dependencies only', 'lage.config.js, test: "shouldRun" has no counterpart'],
  });
});

test('wireit', async () => {
  const scripts = { build: 'wireit', all: 'wireit', serve: 'wireit' };
  const root = await workspace({
    'packages/a/package.json': {
      name: 'a',
      scripts,
      wireit: {
        build: {
          command: 'tsc',
          files: ['src/**'],
          output: ['dist/**'],
          env: { MODE: { external: true }, LEVEL: "it's" },
          dependencies: ['../b:build', '../gone:build'],
        },
        all: { dependencies: ['build', { script: 'lint', cascade: false }] },
        serve: { command: 'node x', service: true },
      },
    },
  });
  const { tasks, notes } = await importBuild(root);
  expect(tasks).toEqual({
    'a#build': { dependsOn: ['b#build'], command: "LEVEL='it'\\''s' tsc", inputs: ['src/**'], outputs: ['dist/**'], env: ['MODE'] },
    'a#all': { dependsOn: ['a#build', 'a#lint'], command: 'true' },
  });
  expect(notes).toHaveLength(3);
});

test('a list of packages', async () => {
  const root = await workspace({
    'list.json': { packages: [{ packageName: 'a', packagePath: 'packages/a', category: 'core', dependencies: ['b', 'react'] }] },
  });
  expect(await importBuild(root, 'list.json')).toMatchObject({
    packages: [{ packageName: 'a', packagePath: 'packages/a', dependencies: ['b', 'react'] }],
    notes: ['list.json, a: b, react not in the list, so taken as installed'],
  });
});

test.each([
  ['nothing', {}, undefined, /there is no turbo.json/],
  ['two of them', { 'turbo.json': {}, 'nx.json': {} }, undefined, /there are several: turbo.json, nx.json/],
  ['what is no JSON', { 'turbo.json': '{\n "tasks": {,}' }, undefined, /turbo.json:2: /],
  ['a program that fails', { 'lage.config.js': 'throw new Error("no good")' }, undefined, /lage.config.js cannot be loaded: no good/],
  ['no list', { 'list.json': {} }, 'list.json', /no list "packages"/],
])('refuses %s', async (_what, files, list, message) => {
  await expect(importBuild(await workspace(files), list)).rejects.toMatchObject({
    code: 'BUILD_IMPORT_INVALID',
    message: expect.stringMatching(message),
  });
});
