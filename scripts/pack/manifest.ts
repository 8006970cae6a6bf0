import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspaces.ts';

/** The manifest of the tarball: our workspaces bundled, all that they need of others as dependencies. */
export function publishedManifest(root: string, workspaces: readonly Workspace[], bundled: readonly Workspace[]): object {
  const { version, description, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const publicPackage = workspaces.find((workspace) => workspace.name === 'selfheal');
  if (publicPackage === undefined) throw new Error('no workspace is named selfheal');
  const names = bundled.map(({ name }) => name).sort();
  return {
    name: 'selfheal',
    version,
    description,
    license,
    keywords: ['self-healing', 'telemetry', 'automated-program-repair', 'anomaly-detection', 'regression-tests', 'temporal'],
    type: 'module',
    engines,
    bin: { selfheal: './cli/bin/selfheal.js' },
    exports: { ...compiledExports(publicPackage.exports), './package.json': './package.json' },
    types: './dist/index.d.ts',
    files: ['dist', 'cli', 'docs'],
    dependencies: { ...Object.fromEntries(bundled.map((one) => [one.name, one.version])), ...thirdParty(workspaces) },
    bundleDependencies: names,
  };
}

/** The manifest of the recorder's tarball: of its workspace, with the version of the release, and what it needs of ours bundled. */
export function recorderManifest(root: string, bundled: readonly Workspace[]): object {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own: { name: string; exports: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'packages/recorder/package.json'), 'utf8'),
  );
  return {
    ...own,
    version,
    exports: { ...compiledExports(own.exports), './package.json': './package.json' },
    files: ['dist'],
    dependencies: Object.fromEntries(bundled.map((one) => [one.name, one.version])),
    bundleDependencies: bundled.map(({ name }) => name).sort(),
  };
}

/** The manifest of a bundled workspace. Its dependencies are the tarball's, one level up. */
export function workspaceManifest(workspace: Workspace): object {
  const { name, version } = workspace;
  return { name, version, license: 'Apache-2.0', type: 'module', exports: compiledExports(workspace.exports) };
}

/** `./src/x.ts` (or `./x.ts`) → what was compiled from it; other files stay what they are. */
function compiledExports(exports: Readonly<Record<string, string>>): Record<string, string | { types: string; default: string }> {
  return Object.fromEntries(
    Object.entries(exports).map(([name, file]) => {
      if (!file.endsWith('.ts')) return [name, file];
      const stem = file.replace(/^\.\/(src\/)?/, './dist/').replace(/\.ts$/, '');
      return [name, { types: `${stem}.d.ts`, default: `${stem}.js` }];
    }),
  );
}

/** All that is not ours, with the ranges of the workspaces. Fails where two of them differ. */
function thirdParty(workspaces: readonly Workspace[]): Record<string, string> {
  const ours = new Set(workspaces.map(({ name }) => name));
  const ranges = new Map<string, { range: string; by: string }>();
  for (const workspace of workspaces) {
    for (const [name, range] of Object.entries(workspace.dependencies)) {
      const known = ranges.get(name);
      if (ours.has(name)) continue;
      if (known !== undefined && known.range !== range)
        throw new Error(`${name} is ${known.range} in ${known.by} and ${range} in ${workspace.name}; make them one range`);
      ranges.set(name, { range, by: workspace.name });
    }
  }
  return Object.fromEntries([...ranges].map(([name, { range }]) => [name, range] as const).sort(([a], [b]) => a.localeCompare(b)));
}
