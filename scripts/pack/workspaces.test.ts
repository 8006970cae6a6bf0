import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempTree } from '../testing/temp-tree.ts';
import { undeclaredPackages } from './check-imports.ts';
import { publishedManifest, workspaceManifest } from './manifest.ts';
import { publishedWorkspaces } from './workspaces.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const pair = (ranges: { contracts: object; selfheal: object }) => ({
  'package.json': JSON.stringify({ name: 'root', version: '3.2.1', license: 'Apache-2.0', workspaces: ['packages/*'] }),
  'packages/contracts/package.json': JSON.stringify({
    name: '@selfheal/contracts',
    version: '0.1.0',
    exports: { '.': './src/index.ts', './errors': './src/errors.ts', './*.json': './*.json', './testing': './src/testing/rig.ts' },
    dependencies: ranges.contracts,
  }),
  'packages/selfheal/package.json': JSON.stringify({
    name: 'selfheal',
    version: '0.1.0',
    exports: { '.': './src/index.ts' },
    dependencies: { '@selfheal/contracts': '*', ...ranges.selfheal },
  }),
  'packages/testkit/package.json': JSON.stringify({ name: '@selfheal/testkit', version: '0.1.0', dependencies: { left: '^1.0.0' } }),
});

describe('the published package', () => {
  it('takes all that the command reaches and no test rig', () => {
    const names = publishedWorkspaces(ROOT, ['selfheal', '@selfheal/cli']).map(({ name }) => name);
    expect(names).toContain('@selfheal/handlers');
    expect(names).toContain('@selfheal/json-sequences');
    expect(names).not.toContain('@selfheal/testkit');
  });

  it('bundles our workspaces and lists what they need of others', () => {
    using tree = tempTree(pair({ contracts: { zod: '^4.0.0' }, selfheal: { execa: '^10.0.0', zod: '^4.0.0' } }));
    const workspaces = publishedWorkspaces(tree.root, ['selfheal']);
    expect(publishedManifest(tree.root, workspaces, workspaces.slice(0, 1))).toMatchObject({
      name: 'selfheal',
      version: '3.2.1',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
      dependencies: { '@selfheal/contracts': '0.1.0', execa: '^10.0.0', zod: '^4.0.0' },
      bundleDependencies: ['@selfheal/contracts'],
    });
  });

  it('points the exports of a bundled workspace to what was compiled, without rigs for tests', () => {
    using tree = tempTree(pair({ contracts: {}, selfheal: {} }));
    const [contracts] = publishedWorkspaces(tree.root, ['@selfheal/contracts']);
    expect(contracts && workspaceManifest(contracts)).toHaveProperty('exports', {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './errors': { types: './dist/errors.d.ts', default: './dist/errors.js' },
      './*.json': './*.json',
    });
  });

  it('refuses two ranges of one dependency', () => {
    using tree = tempTree(pair({ contracts: { zod: '^3.0.0' }, selfheal: { zod: '^4.0.0' } }));
    const workspaces = publishedWorkspaces(tree.root, ['selfheal']);
    expect(() => publishedManifest(tree.root, workspaces, [])).toThrow(
      /zod is \^3\.0\.0 in @selfheal\/contracts and \^4\.0\.0 in selfheal/,
    );
  });

  it('finds an import that nobody listed', () => {
    using tree = tempTree({
      'package.json': JSON.stringify({ name: 'selfheal', dependencies: { '@selfheal/contracts': '0.1.0', zod: '^4.0.0' } }),
      'dist/index.js':
        "import 'node:fs';\nimport { z } from 'zod/v4';\nimport './other.js';\nexport * from '@selfheal/contracts/errors';\n",
      'node_modules/@selfheal/contracts/dist/errors.js': "const late = () => import('@scope/left-pad/lib/x.js');\n",
    });
    expect(undeclaredPackages(tree.root)).toEqual(['@scope/left-pad (node_modules/@selfheal/contracts/dist/errors.js)']);
  });
});
