import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { type GeneratedWorkspace, generateWorkspace, type WorkspaceShape } from './generate-workspace.ts';
import { installPeer, lendPrograms, PEERS, type Peer } from './peers.ts';
import { requireAllBuilt } from './require-all-built.ts';

export const COMMAND = join(import.meta.dirname, '../../../packages/cli/bin/selfheal.js');
const BARE = join(import.meta.dirname, 'bare-spawn.ts');

export interface Contestant {
  readonly name: string;
  readonly workspace: GeneratedWorkspace;
  /** Builds all from nothing. */
  build(concurrency: number): Promise<void>;
}

export interface InstalledPeer {
  readonly peer: Peer;
  readonly programs: string;
}

export interface Field {
  readonly shape: WorkspaceShape;
  readonly peers: readonly InstalledPeer[];
  /** Of a server that runs already; without one that contestant is left out. */
  readonly server?: { readonly address: string; readonly namespace: string };
}

/** The floor, selfheal's ways to build, and the peers that can build the workspace; ours second. */
export async function contestantsOf(folder: string, { shape, peers, server }: Field): Promise<Contestant[]> {
  const ours = await generateWorkspace(join(folder, 'selfheal'), shape);
  const durations = join(folder, 'durations.json');
  await writeFile(durations, JSON.stringify(Object.fromEntries(ours.durations)));
  const run =
    (options: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    async (concurrency: number) => {
      const args = [COMMAND, 'build', '--quiet', '--concurrency', String(concurrency), ...options];
      await execa(process.execPath, args, { cwd: ours.root, env, stdin: 'ignore' });
    };
  const bare = async (concurrency: number): Promise<void> => {
    await execa(process.execPath, [BARE, ours.root, durations, String(concurrency)], { stdin: 'ignore' });
  };
  const warm = server && run([], { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace });
  return [
    { name: 'no task runner: the commands alone', workspace: ours, build: bare },
    { name: 'selfheal --no-durable', workspace: ours, build: run(['--no-durable']) },
    ...(warm === undefined ? [] : [{ name: 'selfheal, durable, server running', workspace: ours, build: warm }]),
    { name: 'selfheal, with the start of its server', workspace: ours, build: run([]) },
    ...(await peerContestants(folder, shape, peers)),
  ];
}

async function peerContestants(folder: string, shape: WorkspaceShape, peers: readonly InstalledPeer[]): Promise<Contestant[]> {
  const able: Contestant[] = [];
  for (const { peer, programs } of peers) {
    const workspace = await generateWorkspace(join(folder, peer.packages[0] ?? ''), shape);
    await lendPrograms(workspace.root, programs);
    await peer.prepare(workspace);
    const contestant: Contestant = { name: peer.name, workspace, build: (concurrency) => runPeer(peer, workspace.root, concurrency) };
    const why = await contestant.build(10).then(
      () => requireAllBuilt(workspace, peer.name).catch(String),
      (error: unknown) => (error instanceof Error ? error.message.slice(0, 500) : String(error)),
    );
    if (why === undefined) able.push(contestant);
    else process.stderr.write(`${peer.name} is left out, as it does not build: ${why}\n`);
  }
  return able;
}

async function runPeer(peer: Peer, root: string, concurrency: number): Promise<void> {
  const [program = '', ...args] = peer.command(concurrency);
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  await execa(program, args, { cwd: root, env: { PATH: path, CI: '1', ...peer.env?.(concurrency) }, stdin: 'ignore' });
}

/** Those that can be installed here. */
export async function installedPeers(folder: string): Promise<InstalledPeer[]> {
  const found: InstalledPeer[] = [];
  for (const peer of PEERS) {
    const programs = join(folder, 'peers', peer.packages[0] ?? '');
    const why = await installPeer(peer, programs);
    if (why === undefined) found.push({ peer, programs });
    else process.stderr.write(`${peer.name} is left out, as it cannot be installed: ${why}\n`);
  }
  return found;
}
