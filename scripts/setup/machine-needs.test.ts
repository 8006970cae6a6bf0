import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setupContext } from '../testing/setup-context.ts';
import { tempTree } from '../testing/temp-tree.ts';
import type { MachineNeed } from './machine-need.ts';
import { postgresServer } from './postgres-server.ts';
import { prepareMachine } from './prepare-machine.ts';
import { sandboxTool } from './sandbox-tool.ts';
import { temporalServer } from './temporal-server.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

describe('all needs of a task', () => {
  const there: MachineNeed = { requiredBy: ['start', 'test'], ensure: async () => undefined };
  const missing = (line: string, requiredBy: MachineNeed['requiredBy']): MachineNeed => ({ requiredBy, ensure: async () => line });

  it('are each told in one line when they cannot be had', async () => {
    using tree = tempTree();
    const context = setupContext(tree, 'test');
    expect(await prepareMachine([missing('no drill', ['start']), there, missing('no saw', [])], context)).toBe(true);
    expect(context.said).toEqual(['no drill', 'no saw']);
  });

  it('stop the task that cannot do without, after all are told', async () => {
    using tree = tempTree();
    const context = setupContext(tree, 'start');
    expect(await prepareMachine([missing('no drill', ['start']), missing('no saw', [])], context)).toBe(false);
    expect(context.said).toEqual(['no drill', 'no saw']);
  });

  it('are refused by the program for a task that it does not know', () => {
    const run = spawnSync(process.execPath, [resolve(import.meta.dirname, 'prepare-machine.ts'), 'fly'], { encoding: 'utf8' });
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('no such task: fly') });
  });
});

describe('the sandbox tool and PostgreSQL', () => {
  it('are found by their programs', async () => {
    using tree = tempTree();
    for (const name of ['bwrap', 'initdb', 'postgres']) tree.writeProgram(`bin/${name}`, 'exit 0');
    expect(await sandboxTool.ensure(setupContext(tree))).toBeUndefined();
    expect(await postgresServer.ensure(setupContext(tree))).toBeUndefined();
  });

  it('tell how to get the sandbox tool', async () => {
    using tree = tempTree();
    const context = { ...setupContext(tree), userId: 1000 };
    expect(await sandboxTool.ensure(context)).toMatch(/^no sandbox tool \(bubblewrap\).*apt-get install bubblewrap/);
  });
});

describe('the Temporal server', () => {
  /** A context in which the repository's own resolver finds what is in the tree. */
  const contextIn = (tree: ReturnType<typeof tempTree>, env: NodeJS.ProcessEnv, task: 'start' | 'test' = 'test') => {
    const context = setupContext(tree, task);
    return { ...context, root: REPOSITORY, env: { ...context.env, ...env } };
  };

  it('is found by the resolver once, and then remembered as long as it is there', async () => {
    using tree = tempTree();
    const calls = tree.path('calls');
    const program = tree.writeProgram('t/temporal', `echo called >> ${calls}\necho "temporal version 1.9.1 (Server 1.0.0)"`);
    const context = contextIn(tree, { SELFHEAL_TEMPORAL_BIN: program });
    expect(await temporalServer.ensure(context)).toBeUndefined();
    expect(await temporalServer.ensure(context)).toBeUndefined();
    expect(tree.read('calls')).toBe('called\n');
    rmSync(program);
    expect(await temporalServer.ensure(context)).toContain(`SELFHEAL_TEMPORAL_BIN=${program} is not an executable file`);
  });

  it('is looked for again when the settings that lead to it change', async () => {
    using tree = tempTree();
    const one = tree.writeProgram('one/temporal', 'echo temporal version 1.0.0');
    mkdirSync(dirname(tree.path('two/temporal')));
    expect(await temporalServer.ensure(contextIn(tree, { SELFHEAL_TEMPORAL_BIN: one }))).toBeUndefined();
    expect(await temporalServer.ensure(contextIn(tree, { SELFHEAL_TEMPORAL_BIN: tree.path('two/temporal') }))).toContain(
      'two/temporal is not',
    );
  });

  it('is not needed to start on a cluster', async () => {
    using tree = tempTree();
    const env = { TEMPORAL_ADDRESS: 'cluster:7233', SELFHEAL_TEMPORAL_BIN: '/nowhere' };
    expect(await temporalServer.ensure(contextIn(tree, env, 'start'))).toBeUndefined();
    expect(await temporalServer.ensure(contextIn(tree, env, 'test'))).toContain('No Temporal server was found');
  });

  it('tells when the search itself breaks', async () => {
    using tree = tempTree({ 'packages/temporal/src/embedded/resolve-binary.ts': 'process.exit(9);\n' });
    expect(await temporalServer.ensure(setupContext(tree))).toMatch(/^the search for the Temporal server broke off \(.*exit code 9/);
  });
});
