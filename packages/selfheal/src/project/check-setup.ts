import { isSelfhealError, type SelfhealConfig } from '@selfheal/contracts';
import { createSandbox, describeConfinement } from '@selfheal/sandbox';
import { readEngine } from '@selfheal/store';
import { clusterFromEnvironment, connectClient, resolveTemporalBinary } from '@selfheal/temporal';
import { execa } from 'execa';
import { glob } from 'tinyglobby';
import { openProject } from './open-project.ts';

export interface SetupFinding {
  readonly name: string;
  readonly state: 'ok' | 'missing' | 'optional';
  readonly found: string;
  /** How to get it. */
  readonly fix?: string;
}

/** Looks at everything that a heal needs; never changes anything but fetching the Temporal server into the cache. */
export async function checkSetup(request: { repo: string; dataDir?: string; env: NodeJS.ProcessEnv }): Promise<SetupFinding[]> {
  const findings: SetupFinding[] = [{ name: 'node', state: 'ok', found: process.version }];
  findings.push(await attempt('git', async () => (await execa('git', ['--version'])).stdout));
  findings.push(await attempt('temporal', () => describeTemporal(request.env)));
  findings.push(await attempt('sandbox', () => describeConfinement(false)));
  const project = await openProject({ repo: request.repo, ...(request.dataDir === undefined ? {} : { dataDir: request.dataDir }) }).catch(
    (error: unknown) => error,
  );
  if (project instanceof Error || typeof project !== 'object' || project === null || !('root' in project))
    return [...findings, failure('repository', project)];
  const { root, dataDir, config, configFile } = project as Awaited<ReturnType<typeof openProject>>;
  findings.push({ name: 'repository', state: 'ok', found: root });
  findings.push({ name: 'configuration', state: 'ok', found: configFile ?? 'none (defaults)' });
  findings.push(
    await attempt('tests', async () => {
      const runner = await createSandbox({ root, dataDir, config }).detectRunner(root);
      if (runner === undefined) throw new Error('no test runner was recognised; set "test" in selfheal.config.json');
      return `${runner.name}: ${runner.command} (${runner.testFiles.length} files)`;
    }),
  );
  findings.push(await describeLogs(root, config.logs));
  findings.push(...(await describeModels(config.ai, request.env)));
  const engine = await readEngine(dataDir);
  findings.push({
    name: 'engine',
    state: 'optional',
    found: engine === undefined ? 'not running' : `running, pid ${engine.pid}, ${engine.temporalAddress ?? 'starting'}`,
  });
  return findings;
}

async function describeTemporal(env: NodeJS.ProcessEnv): Promise<string> {
  const cluster = await clusterFromEnvironment(env);
  if (cluster === undefined) {
    const binary = await resolveTemporalBinary({ env });
    return `${binary.version} (${binary.how}: ${binary.path})`;
  }
  const { connection } = await connectClient(cluster);
  await connection.close();
  return `cluster ${cluster.address}, namespace ${cluster.namespace}`;
}

async function describeLogs(root: string, logs: readonly string[]): Promise<SetupFinding> {
  if (logs.length === 0)
    return { name: 'logs', state: 'optional', found: 'none configured', fix: 'pass --logs or set "logs" in selfheal.config.json' };
  const files = await glob([...logs], { cwd: root, absolute: true, expandDirectories: true });
  return files.length > 0
    ? { name: 'logs', state: 'ok', found: `${files.length} files` }
    : { name: 'logs', state: 'missing', found: `nothing matches ${logs.join(', ')}`, fix: 'correct "logs" in selfheal.config.json' };
}

/** selfheal works without models, so none of these is missing. */
async function describeModels(config: SelfhealConfig['ai'], env: NodeJS.ProcessEnv): Promise<SetupFinding[]> {
  const { checkModels } = await import('@selfheal/ai');
  const { models, notes } = await checkModels(config, env);
  return [
    ...models.map(
      ({ found, healthy, model }): SetupFinding => ({ name: 'model', state: healthy ? 'ok' : 'optional', found: `${model}: ${found}` }),
    ),
    ...notes.map((found): SetupFinding => ({ name: 'models', state: 'optional', found })),
  ];
}

async function attempt(name: string, look: () => Promise<string>): Promise<SetupFinding> {
  try {
    return { name, state: 'ok', found: await look() };
  } catch (error) {
    return failure(name, error);
  }
}

function failure(name: string, error: unknown): SetupFinding {
  if (isSelfhealError(error)) return { name, state: 'missing', found: error.detail, fix: error.fix };
  return { name, state: 'missing', found: error instanceof Error ? error.message : String(error) };
}
