import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Codebase,
  type Ports,
  type ProjectContext,
  type Records,
  type Sandbox,
  type SelfhealConfigInput,
  selfhealConfig,
  type TelemetryEvent,
} from '@selfheal/contracts';
import { createLocalForge } from '@selfheal/forge';
import { openRedaction } from '@selfheal/redaction';
import { createSandbox } from '@selfheal/sandbox';
import { openStore } from '@selfheal/store';
import { openLake, openLogSources, slicesOf, storedSliceId } from '@selfheal/telemetry';
import { execa } from 'execa';

/** When the fix is deployed in tests, epoch ms. */
export const DEPLOYED_AT = 1_795_000_000_000;
export const PROJECT = 'cart';

export const CART = `export function first(cart) {
  return cart.items[0];
}

export function total(cart) {
  return cart.items.reduce((sum, item) => sum + item.price, 0);
}
`;

const FILES = {
  'package.json': '{ "name": "cart", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/cart.js': CART,
  'test/cart.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { first } from '../src/cart.js';

test('the first item', () => assert.equal(first({ items: [1, 2] }), 1));
`,
  '.gitignore': 'node_modules\n',
};

/** A small repository and all ports over it, the real ones: SQLite, DuckDB, git, the sandbox. Only the clock is set by hand. */
export class ShippingRig implements AsyncDisposable {
  readonly root: string;
  readonly ports: Ports;
  /** What the clock shows, epoch ms. */
  now = DEPLOYED_AT;
  /** Called on each heartbeat with its text. */
  onHeartbeat: (text: string) => void | Promise<void> = () => undefined;
  private readonly folder: string;
  private readonly close: () => Promise<void>;

  private constructor(folder: string, root: string, ports: Omit<Ports, 'beat' | 'clock'>, signal: AbortSignal, close: () => Promise<void>) {
    this.folder = folder;
    this.root = root;
    this.close = close;
    const heartbeat = (text = ''): void => void this.onHeartbeat(text);
    const beat = { workflowId: 'w', sequence: 'deployment.deploy', beat: 'b', attempt: 1, key: 'w/b', signal, heartbeat };
    this.ports = { ...ports, beat, clock: { now: () => this.now } };
  }

  static async create(config: SelfhealConfigInput = {}, signal = new AbortController().signal): Promise<ShippingRig> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-shipping-')));
    const root = join(folder, 'cart service');
    await mkdir(root);
    for (const [path, text] of Object.entries(FILES)) await write(root, path, text);
    await git(root, 'init', '-q', '-b', 'main');
    await git(root, 'add', '-A');
    await git(root, '-c', 'user.name=Team', '-c', 'user.email=team@example.org', 'commit', '-q', '-m', 'Start');
    await write(root, '.git/info/exclude', '/.selfheal/\n');
    const project = { id: PROJECT, root, dataDir: join(root, '.selfheal'), config: selfhealConfig.parse(config) };
    const { dataDir } = project;
    const store = await openStore({ dataDir });
    const { records } = store;
    const lake = await openLake({ dir: join(dataDir, 'lake'), records });
    const sandbox = createSandbox({ root, dataDir, config: project.config });
    const sources = openLogSources({ journalDir: join(dataDir, 'journal'), records, projectRoot: root, config: project.config });
    const codebase = lazyCodebase(project, sandbox, records);
    const forge = createLocalForge({
      root,
      dataDir,
      projectId: PROJECT,
      records,
      sandbox,
      config: project.config,
      redaction: await openRedaction(join(dataDir, 'journal')),
    });
    return new ShippingRig(folder, root, { project, records, lake, sources, codebase, sandbox, forge }, signal, async () => {
      lake.close();
      await store.close();
    });
  }

  git(...args: string[]): Promise<string> {
    return git(this.root, ...args);
  }

  write(path: string, text: string): Promise<void> {
    return write(this.root, path, text);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  async commitAll(subject: string): Promise<string> {
    await this.git('add', '-A');
    await this.git('-c', 'user.name=Team', '-c', 'user.email=team@example.org', 'commit', '-q', '-m', subject);
    return this.git('rev-parse', 'HEAD');
  }

  /** Stores events as telemetry.parse does. */
  async ingest(events: readonly TelemetryEvent[]): Promise<void> {
    const { lake, records } = this.ports;
    const batch = await lake.write(PROJECT, `batch-${events[0]?.id ?? 'none'}`, events);
    await records.put('batch', batch);
    for (const slice of slicesOf(events)) {
      const { release, bucketStart } = slice;
      await records.put('slice', {
        id: storedSliceId(batch.id, slice),
        projectId: PROJECT,
        batchId: batch.id,
        release,
        bucketStart,
        slice,
      });
      if (release === '') continue;
      await records.insert('release', { id: `${PROJECT}:${release}`, projectId: PROJECT, name: release, at: slice.from });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The real one, loaded with its compiler only by tests that ask it something. */
function lazyCodebase({ root, dataDir, config }: ProjectContext, sandbox: Sandbox, records: Records): Codebase {
  let opened: Promise<Codebase> | undefined;
  const open = () => {
    opened ??= import('@selfheal/repair').then(({ createCodebase }) =>
      createCodebase({ root, dataDir, config, sandbox, records, projectId: PROJECT }),
    );
    return opened;
  };
  return {
    info: async (commit) => (await open()).info(commit),
    snapshot: async (commit) => (await open()).snapshot(commit),
    coverage: async (commit) => (await open()).coverage(commit),
  };
}

async function git(root: string, ...args: string[]): Promise<string> {
  return (await execa('git', args, { cwd: root })).stdout;
}

async function write(root: string, path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
