import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import type { Workspace } from './workspaces.ts';

/**
 * Compiles `entries` (files relative to the root) and all that they import to JavaScript with declarations, below `outDir` at the same
 * paths. What no entry reaches (tests, rigs) is not there. Fails with the compiler's findings.
 */
export async function compile(root: string, workspaces: readonly Workspace[], entries: readonly string[], outDir: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const project = join(dirname(outDir), 'tsconfig.json');
  const toRoot = relative(dirname(project), root);
  const options = {
    extends: join(toRoot, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rootDir: toRoot,
      outDir,
      noEmitOnError: true,
      typeRoots: [join(root, 'node_modules/@types')],
      paths: sourcePaths(workspaces, toRoot),
    },
    files: entries.map((entry) => join(toRoot, entry)),
    include: [],
  };
  writeFileSync(project, JSON.stringify(options, null, 2));
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const run = await execa(process.execPath, [join(dirname(compiler), 'bin/tsc'), '-p', project], { reject: false, cwd: root });
  if (run.exitCode !== 0) throw new Error(`tsc refuses the sources:\n${run.stdout}${run.stderr}`);
}

/** Packages of ours by their sources: what is found through node_modules counts as foreign, and is not compiled. */
function sourcePaths(workspaces: readonly Workspace[], toRoot: string): Record<string, string[]> {
  const exported = workspaces.flatMap(({ name, folder, exports }) =>
    Object.entries(exports).map(([key, file]): [string, string[]] => [name + key.slice(1), [`./${join(toRoot, folder, file)}`]]),
  );
  return Object.fromEntries(exported);
}
