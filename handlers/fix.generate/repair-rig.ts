import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ports, type SelfhealConfigInput, selfhealConfig } from '@selfheal/contracts';
import { createCodebase } from '@selfheal/repair';
import { createSandbox } from '@selfheal/sandbox';
import { openStore } from '@selfheal/store';
import { execa } from 'execa';

/** Time at which a rig's clock starts, epoch ms. */
export const NOW = 1_795_248_500_000;

export interface RepairRig extends AsyncDisposable {
  readonly root: string;
  /** The first commit. */
  readonly base: string;
  readonly ports: Ports;
  /** What beats said that they do. */
  readonly progress: string[];
  /** Writes files and commits them. */
  commit(files: Readonly<Record<string, string>>): Promise<string>;
}

export interface RepairRigOptions {
  readonly config?: SelfhealConfigInput;
  /** Links the packages of this repository into it, so that its tests may use vitest, jest and mocha. */
  readonly packages?: boolean;
}

/**
 * A git repository of these files, or one that is there already, with the ports that the handlers of fix.generate and validation.run
 * use. For tests.
 */
export async function repairRig(files: Readonly<Record<string, string>> | string, options: RepairRigOptions = {}): Promise<RepairRig> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-repair-')));
  const root = typeof files === 'string' ? files : join(folder, 'repo');
  const dataDir = join(folder, 'data');
  const git = async (...args: readonly string[]): Promise<string> =>
    (await execa('git', ['-c', 'user.name=team', '-c', 'user.email=team@example.com', ...args], { cwd: root })).stdout;
  const commit = async (changed: Readonly<Record<string, string>>): Promise<string> => {
    for (const [path, text] of Object.entries(changed)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Change');
    return git('rev-parse', 'HEAD');
  };
  if (typeof files !== 'string') {
    await mkdir(root);
    await git('init', '-q', '-b', 'main');
    if (options.packages) await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'));
    await commit(options.packages ? { '.gitignore': 'node_modules\n', ...files } : files);
  }
  const base = await git('rev-parse', 'HEAD');
  const config = selfhealConfig.parse(options.config ?? {});
  const store = await openStore({ dataDir });
  const sandbox = createSandbox({ root, dataDir, config });
  const progress: string[] = [];
  let time = NOW;
  const ports: Ports = {
    beat: {
      workflowId: 'w',
      sequence: 'repair',
      beat: 'b',
      attempt: 1,
      key: 'w/b',
      signal: new AbortController().signal,
      heartbeat: (text) => void (text === undefined || progress.push(text)),
    },
    project: { id: 'p1', root, dataDir, config },
    clock: { now: () => time++ },
    records: store.records,
    lake: notUsed('lake'),
    sources: notUsed('sources'),
    codebase: createCodebase({ root, dataDir, config, sandbox, records: store.records, projectId: 'p1' }),
    sandbox,
    forge: notUsed('forge'),
  };
  return {
    root,
    base,
    ports,
    progress,
    commit,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that these handlers have no business with. */
function notUsed<T extends object>(name: string): T {
  return new Proxy<T>(Object.create(null), {
    get: (_target, property) => {
      throw new Error(`repair uses no ${name}.${String(property)}`);
    },
  });
}
