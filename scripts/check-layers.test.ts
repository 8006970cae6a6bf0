import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLayers } from './check-layers.ts';
import { formatViolation } from './layers/violation.ts';
import { tempTree } from './testing/temp-tree.ts';

const PACKAGES = ['contracts', 'sequences', 'repository', 'statistics', 'telemetry', 'repair', 'temporal', 'cli', 'testkit'];
const MANIFESTS = {
  ...Object.fromEntries(PACKAGES.map((name) => [`packages/${name}/package.json`, manifest(`@selfheal/${name}`)])),
  'packages/selfheal/package.json': manifest('selfheal'),
  'handlers/package.json': JSON.stringify({ name: '@selfheal/handlers', exports: { '.': './index.ts' } }),
  'json-sequences/package.json': JSON.stringify({ name: '@selfheal/json-sequences', exports: { './*.json': './*.json' } }),
};

/** What the check says about a tree of these files, besides the manifests. */
function breaches(files: Readonly<Record<string, string>>): string[] {
  using tree = tempTree({ ...MANIFESTS, ...files });
  return checkLayers(tree.root).violations.map(formatViolation);
}

function manifest(name: string): string {
  return JSON.stringify({
    name,
    exports: { '.': './src/index.ts', './interpreter': { types: './src/interpreter.ts', default: './src/interpreter.ts' } },
  });
}

describe('direction', () => {
  it.each([
    ['packages/contracts/src/index.ts', '@selfheal/sequences', 'contracts may import nothing of ours, not @selfheal/sequences'],
    [
      'packages/telemetry/src/index.ts',
      '@selfheal/repair',
      'telemetry may import only contracts, build-graph, redaction, repository, statistics, not @selfheal/repair',
    ],
    ['packages/repository/src/index.ts', '@selfheal/repair', 'repository may import only contracts, not @selfheal/repair'],
    ['packages/statistics/src/index.ts', '@selfheal/contracts', 'statistics may import nothing of ours, not @selfheal/contracts'],
    ['packages/sequences/src/index.ts', '@selfheal/handlers', 'sequences may import only contracts, not @selfheal/handlers'],
    ['packages/temporal/src/index.ts', 'selfheal', 'temporal may import only build-graph, contracts, sequences, not selfheal'],
    [
      'packages/selfheal/src/index.ts',
      '@selfheal/cli',
      'selfheal may import anything but server, console, cli, testkit, scripts, docs, fixtures, not @selfheal/cli',
    ],
    ['packages/cli/src/index.ts', '@selfheal/telemetry', 'cli may import only selfheal, contracts, sequences, not @selfheal/telemetry'],
    [
      'packages/telemetry/src/index.ts',
      '@selfheal/testkit',
      'telemetry may import only contracts, build-graph, redaction, repository, statistics, not @selfheal/testkit',
    ],
  ])('refuses %s importing %s', (file, specifier, message) => {
    expect(breaches({ [file]: `import '${specifier}';\n` })).toEqual([`${file}:1: direction: ${message}`]);
  });

  it('takes what the layers allow', () => {
    const allowed = {
      'packages/contracts/src/index.ts': "import 'zod';\n",
      'packages/telemetry/src/index.ts': "import '@selfheal/contracts';\nimport '@selfheal/repository';\nimport '@selfheal/statistics';\n",
      'packages/temporal/src/index.ts': "import '@selfheal/sequences/interpreter';\nimport '@temporalio/client';\nimport './worker.ts';\n",
      'packages/temporal/src/worker.ts': "import 'node:fs';\n",
      'packages/selfheal/src/index.ts':
        "import '@selfheal/handlers';\nimport '@selfheal/temporal';\nimport '@selfheal/json-sequences/x.json';\n",
      'packages/cli/src/index.ts': "import 'selfheal';\n",
      'handlers/index.ts': "import '@selfheal/telemetry';\nimport '@selfheal/contracts';\n",
    };
    expect(breaches(allowed)).toEqual([]);
  });

  it('counts an import of types alone, with its line', () => {
    const text =
      "// a comment\n\nimport { z } from 'zod';\n\n/** Why. */\nimport type { A } from '@selfheal/repair';\nexport const a: A = z;\n";
    expect(breaches({ 'packages/telemetry/src/a.ts': text })).toEqual([
      expect.stringMatching(/^packages\/telemetry\/src\/a\.ts:6: direction: /),
    ]);
  });

  it.each([
    ["export * from '@selfheal/repair';"],
    ["export type { A } from '@selfheal/repair';"],
    ["const a = await import('@selfheal/repair');"],
    ["const a = require('@selfheal/repair');"],
    ["let a: import('@selfheal/repair').A;"],
  ])('sees %s', (text) => {
    expect(breaches({ 'packages/telemetry/src/a.ts': `\n${text}\n` })).toEqual([expect.stringMatching(/a\.ts:2: direction: /)]);
  });

  it('does not take text that only looks like an import', () => {
    const text =
      "export const a = `import '@selfheal/repair';`;\n// import('@selfheal/repair')\nexport const load = (name: string) => import(name);\n";
    expect(breaches({ 'packages/telemetry/src/a.ts': text })).toEqual([]);
  });

  it('lets tests use the test kit and the documents, but nothing else besides', () => {
    const text = "import '@selfheal/testkit';\nimport '@selfheal/json-sequences/x.json';\nimport '@selfheal/repair';\n";
    expect(breaches({ 'packages/telemetry/src/a.test.ts': text })).toEqual([expect.stringMatching(/a\.test\.ts:3: direction: /)]);
    expect(breaches({ 'packages/telemetry/test/rig.ts': "import '@selfheal/testkit';\n" })).toEqual([]);
  });

  it('asks for a layer for a new package, and names a package that does not exist', () => {
    const fresh = {
      'packages/fresh/package.json': manifest('@selfheal/fresh'),
      'packages/fresh/src/index.ts': "import '@selfheal/contracts';\n",
    };
    expect(breaches(fresh)).toEqual([expect.stringContaining('fresh has no layer yet')]);
    expect(breaches({ 'handlers/index.ts': "import '@selfheal/nowhere';\n" })).toEqual([
      'handlers/index.ts:1: unknown-package: there is no package @selfheal/nowhere',
    ]);
  });
});

describe('borders of packages', () => {
  it('keeps Temporal in its package, tests included', () => {
    expect(breaches({ 'packages/cli/src/a.test.ts': "import type { Client } from '@temporalio/client';\n" })).toEqual([
      'packages/cli/src/a.test.ts:1: temporal-only: only packages/temporal imports @temporalio/client; use what @selfheal/temporal exports',
    ]);
  });

  it('refuses deep imports, tests included', () => {
    expect(breaches({ 'handlers/a.test.ts': "import '@selfheal/contracts/src/index.ts';\n" })).toEqual([
      'handlers/a.test.ts:1: deep-import: "@selfheal/contracts/src/index.ts" is not in the exports of packages/contracts/package.json',
    ]);
  });

  it('refuses a relative path that leaves the package, tests included', () => {
    expect(breaches({ 'handlers/telemetry/a.test.ts': "import '../b.ts';\nimport '../../packages/contracts/src/index.ts';\n" })).toEqual([
      'handlers/telemetry/a.test.ts:2: leaves-package: "../../packages/contracts/src/index.ts" leaves handlers; import the package by its name',
    ]);
  });

  it('lets tests and scripts, but no published code, reach the fixtures by path', () => {
    const files = {
      'fixtures/shop-service/build.ts': "import './history.ts';\n",
      'handlers/a.test.ts': "import '../fixtures/shop-service/build.ts';\n",
      'scripts/start.ts': "import '../fixtures/shop-service/build.ts';\n",
    };
    expect(breaches(files)).toEqual([]);
    expect(breaches({ 'handlers/a.ts': "import '../fixtures/shop-service/build.ts';\n" })).toEqual([
      expect.stringContaining('leaves-package'),
    ]);
  });

  it('keeps the watched service free of selfheal', () => {
    expect(breaches({ 'fixtures/shop-service/build.ts': "import 'selfheal';\n" })).toEqual([
      'fixtures/shop-service/build.ts:1: direction: fixtures may import nothing of ours, not selfheal',
    ]);
  });
});

describe('workflow sandbox', () => {
  const WORKFLOW = 'packages/temporal/src/workflows/heal.ts';

  it('refuses built-ins, with and without node:', () => {
    expect(breaches({ [WORKFLOW]: "import fs from 'node:fs';\nimport os from 'os';\nimport type { Stats } from 'node:fs';\n" })).toEqual([
      `${WORKFLOW}:1: workflow-sandbox: workflow code may not load the Node built-in node:fs`,
      `${WORKFLOW}:2: workflow-sandbox: workflow code may not load the Node built-in os`,
    ]);
  });

  it('follows what the workflow loads through other files and packages', () => {
    const files = {
      [WORKFLOW]: "import { a } from '../plan.ts';\nimport type { B } from '../worker.ts';\n",
      'packages/temporal/src/plan.ts': "import '@selfheal/contracts';\n",
      'packages/temporal/src/worker.ts': "import 'node:net';\n",
      'packages/contracts/src/index.ts': "import 'node:crypto';\n",
    };
    expect(breaches(files)).toEqual([
      `packages/contracts/src/index.ts:1: workflow-sandbox: workflow code may not load the Node built-in node:crypto; reached by ${WORKFLOW} -> packages/temporal/src/plan.ts -> packages/contracts/src/index.ts`,
    ]);
  });

  it('refuses handlers', () => {
    expect(breaches({ [WORKFLOW]: "import '@selfheal/handlers';\n" })).toContain(
      `${WORKFLOW}:1: workflow-sandbox: workflow code may not load a handler`,
    );
  });
});

describe('cycles', () => {
  it('tells a circle of files once, in full', () => {
    const files = {
      'packages/telemetry/src/a.ts': "import { b } from './b.ts';\n",
      'packages/telemetry/src/b.ts': "import './lonely.ts';\nimport { c } from './c.ts';\n",
      'packages/telemetry/src/c.ts': "import { a } from './a.ts';\n",
      'packages/telemetry/src/lonely.ts': 'export const x = 1;\n',
    };
    expect(breaches(files)).toEqual([
      'packages/telemetry/src/a.ts:1: cycle: packages/telemetry/src/a.ts -> packages/telemetry/src/b.ts -> packages/telemetry/src/c.ts -> packages/telemetry/src/a.ts',
    ]);
  });

  it('takes a circle that is gone with the types, and a file that is reached twice', () => {
    const files = {
      'packages/telemetry/src/a.ts': "import { b } from './b.ts';\nimport { c } from './c.ts';\n",
      'packages/telemetry/src/b.ts': "import type { A } from './a.ts';\nimport { c } from './c.ts';\n",
      'packages/telemetry/src/c.ts': 'export const c = 1;\n',
    };
    expect(breaches(files)).toEqual([]);
  });

  it('tells a circle of packages, also one of types', () => {
    const files = {
      'packages/selfheal/src/index.ts': "import type { A } from '@selfheal/recorder';\n",
      'packages/recorder/package.json': manifest('@selfheal/recorder'),
      'packages/recorder/src/index.ts': "import type { B } from 'selfheal';\n",
    };
    expect(breaches(files)).toContain(
      'packages/recorder/src/index.ts:1: cycle: packages/recorder -> packages/selfheal -> packages/recorder',
    );
  });
});

describe('this repository', () => {
  it('keeps to its layers', () => {
    const root = resolve(import.meta.dirname, '..');
    const { violations, files, imports } = checkLayers(root);
    expect(violations.map(formatViolation)).toEqual([]);
    expect(files).toBeGreaterThan(50);
    expect(imports).toBeGreaterThan(100);
  });

  it('is checked by the command, which ends with 0', () => {
    const run = spawnSync(process.execPath, [resolve(import.meta.dirname, 'check-layers.ts')], { encoding: 'utf8' });
    expect(run).toMatchObject({ status: 0, stderr: expect.stringMatching(/imports in \d+ files, all in order/) });
  });
});
