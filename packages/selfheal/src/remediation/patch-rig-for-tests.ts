import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Edit,
  type Ports,
  type Records,
  type RemediationAttempt,
  type RemediationDecision,
  type SelfhealConfigInput,
  selfhealConfig,
} from '@selfheal/contracts';
import { createLocalForge } from '@selfheal/forge';
import { openRedaction } from '@selfheal/redaction';
import { hashEdits } from '@selfheal/repair';
import { createSandbox } from '@selfheal/sandbox';
import { createBlobs, openStore } from '@selfheal/store';
import { execa } from 'execa';
import { loadPlugins } from '../plugins/load-plugins.ts';
import type { HostParts } from './parts.ts';

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "orders", "type": "module", "scripts": { "test": "node --test" } }',
  '.gitignore': '.selfheal\n',
  'src/total.js': 'export function total(order) {\n  return order.lines.reduce((sum, line) => sum + line.price, 0);\n}\n',
  'test/total.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/total.js';

test('adds up', () => assert.equal(total({ lines: [{ price: 2 }, { price: 3 }] }), 5));
`,
  'handlers.js': `import { total } from './src/total.js';
export default { name: 'orders', handlers: { priceOrder: (order) => ({ total: total(order) }) } };
`,
};

/** The edit that heals an order without lines. */
export const GUARD: Edit = { file: 'src/total.js', search: 'order.lines.reduce', replace: '(order.lines ?? []).reduce' };

export interface PatchRig extends AsyncDisposable {
  readonly root: string;
  readonly parts: HostParts;
  readonly records: Records;
  git(...args: readonly string[]): Promise<string>;
  /** Records an attempt with this patch, by a deterministic proposer where nothing else is said. */
  attempt(id: string, edits: readonly Edit[], decision?: Partial<RemediationDecision>): Promise<void>;
}

/** A real repository whose handler fails for an order without lines, with the real sandbox, forge and store. For tests. */
export async function patchRig(config: SelfhealConfigInput = {}): Promise<PatchRig> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-patch-')));
  const [root, dataDir] = [join(folder, 'repo'), join(folder, 'data')];
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const git = async (...args: readonly string[]) =>
    (await execa('git', ['-c', 'user.name=team', '-c', 'user.email=team@example.com', ...args], { cwd: root })).stdout;
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Price orders');
  const parsed = selfhealConfig.parse({ plugins: ['./handlers.js'], ...config });
  const project = { id: 'p', name: 'orders', root, dataDir, config: parsed, configFile: undefined };
  const { records, close } = await openStore({ dataDir });
  const sandbox = createSandbox({ root, dataDir, config: parsed });
  const redaction = await openRedaction(join(dataDir, 'journal'));
  const forge = createLocalForge({ root, dataDir, projectId: 'p', records, sandbox, config: parsed, redaction });
  const parts: HostParts = {
    project,
    records,
    blobs: createBlobs({ dir: join(dataDir, 'blobs') }),
    plugins: await loadPlugins(parsed.plugins, root),
    env: {},
    ai: unused('ai'),
    proposers: new Map(),
    ports: ({ signal, attempt, heartbeat }, about): Ports => ({
      beat: { ...about, attempt, signal, heartbeat },
      project,
      clock: { now: Date.now },
      records,
      lake: unused('lake'),
      sources: unused('sources'),
      codebase: unused('codebase'),
      sandbox,
      forge,
    }),
  };
  const attempt: PatchRig['attempt'] = async (id, edits, decision = {}) =>
    records.put('remediationAttempt', attemptOf(id, edits, decision));
  const dispose = async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  };
  return { root, parts, records, git, attempt, [Symbol.asyncDispose]: dispose };
}

function attemptOf(id: string, edits: readonly Edit[], decision: Partial<RemediationDecision>): RemediationAttempt {
  return {
    id,
    projectId: 'p',
    workflowId: 'w',
    sequence: 'orders.price',
    beat: 'priceOrder',
    handler: 'priceOrder',
    attempt: 1,
    trigger: 'automatic',
    errorFingerprint: 'f',
    decision: {
      decision: 'RETRY',
      reasoning: 'lines may be missing',
      confidence: 0.9,
      proposer: 'repair-engine',
      patch: { edits: [...edits] },
      ...decision,
    },
    patchHash: hashEdits(edits),
    proposals: [],
    calls: [],
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    notes: [],
    timings: {},
    result: 'pending',
    detail: '',
    createdAt: 1,
    expiresAt: 2,
  };
}

/** A part that keeping and trying a patch have no business with. */
function unused<T extends object>(name: string): T {
  return new Proxy<T>(Object.create(null), {
    get: (_target, property) => {
      throw new Error(`a patch needs no ${name}.${String(property)}`);
    },
  });
}
