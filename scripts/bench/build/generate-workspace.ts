import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildGraph, createGraph } from '@selfheal/build-graph';
import { git } from '@selfheal/repository';

export interface WorkspaceShape {
  readonly packages: number;
  readonly edges: number;
  readonly seed: number;
  /** Shortest and longest build, milliseconds. */
  readonly buildMs: readonly [number, number];
}

export interface GeneratedWorkspace {
  readonly root: string;
  readonly graph: BuildGraph;
  /** Milliseconds by package. */
  readonly durations: ReadonlyMap<string, number>;
}

/**
 * Writes an npm workspace, as a git repository, whose packages sleep and then write a file. The same shape gives the same workspace.
 * `around` wraps the command of a package.
 */
export async function generateWorkspace(
  root: string,
  shape: WorkspaceShape,
  around: (name: string, command: string) => string = (_name, command) => command,
): Promise<GeneratedWorkspace> {
  const random = randomNumbers(shape.seed);
  const needed = dependenciesOf(shape, random);
  const [shortest, longest] = shape.buildMs;
  const durations = new Map([...needed.keys()].map((name) => [name, Math.round(shortest + random() * (longest - shortest))]));
  await mkdir(root, { recursive: true });
  const manifest = { name: 'generated', version: '1.0.0', private: true, packageManager: 'npm@11.0.0', workspaces: ['packages/*'] };
  await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(root, '.gitignore'), 'node_modules\ndist/\n.turbo/\n.nx/\n.wireit/\n');
  for (const [name, others] of needed) {
    const folder = join(root, 'packages', name);
    await mkdir(join(folder, 'src'), { recursive: true });
    const build = around(name, `sleep ${(durations.get(name) ?? 0) / 1_000} && mkdir -p dist && echo ${name} > dist/out.txt`);
    const dependencies = Object.fromEntries([...others].map((other) => [other, '1.0.0']));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', scripts: { build }, dependencies }, null, 2));
    await writeFile(join(folder, 'src/index.js'), `export const name = '${name}';\n`);
  }
  await git(root, ['init', '--quiet']);
  await git(root, ['add', '--all']);
  await git(root, ['-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid', 'commit', '--quiet', '--message', 'Generate']);
  const made = createGraph([...needed].map(([id, others]) => ({ id, dependsOn: [...others] })));
  if ('faults' in made) throw new TypeError(JSON.stringify(made.faults));
  return { root, graph: made.graph, durations };
}

/** Each edge leads from a package to an earlier one, so there is no circle. */
function dependenciesOf({ packages, edges }: WorkspaceShape, random: () => number): Map<string, Set<string>> {
  const nameAt = (at: number) => `p${String(at).padStart(4, '0')}`;
  const needed = new Map(Array.from({ length: packages }, (_, at) => [nameAt(at), new Set<string>()]));
  for (let left = edges; left > 0; ) {
    const from = 1 + Math.floor(random() * (packages - 1));
    const list = needed.get(nameAt(from));
    const to = nameAt(Math.floor(random() * from));
    if (list === undefined || list.has(to)) continue;
    list.add(to);
    left -= 1;
  }
  return needed;
}

/** Mulberry32 (Ettinger 2017): 0..1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
