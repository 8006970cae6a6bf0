import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildEngine, BuildEngineSettings } from '@selfheal/temporal';
import type { CoordinatorHost } from '../heal/healing-desk.ts';
import { Calls, type TakenMessage } from './calls.ts';

const ENTRY = fileURLToPath(new URL(`./engine-process.child${extname(import.meta.url)}`, import.meta.url));

export interface OpenEngineRequest extends Pick<BuildEngineSettings, 'dataDir' | 'cacheDir' | 'taskQueue'> {
  readonly env: NodeJS.ProcessEnv;
}

/** What the engine asks of the build. */
export interface AgainstBuild extends Pick<BuildEngineSettings, 'buildTask' | 'steer'> {
  readonly remediation: CoordinatorHost;
  readonly notice: (line: string) => void;
}

/** What is known of an engine that is up. */
export type OpenedEngine = Pick<BuildEngine, 'address' | 'namespace' | 'bundle'>;

/**
 * Opens an engine in a process of its own: loading the SDK alone would hold up the ends and starts of commands here, and its 200 MB would
 * make each fork ten times as dear. Rejects where the start fails, or is given up.
 */
export async function openEngineProcess(request: OpenEngineRequest, against: AgainstBuild, signal: AbortSignal): Promise<BuildEngine> {
  signal.throwIfAborted();
  const child = fork(ENTRY, [], { detached: true, execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const failed = Promise.withResolvers<unknown>();
  const call = (stop: AbortSignal) => ({ signal: stop, attempt: 1, heartbeat: () => undefined });
  const { remediation } = against;
  const calls = new Calls((message) => child.connected && child.send(message), {
    buildTask: ([asked]: [Parameters<AgainstBuild['buildTask']>[0]], stop) => against.buildTask(asked, stop),
    steer: ([change]: Parameters<AgainstBuild['steer']>) => against.steer(change),
    notice: ([line]: [string]) => against.notice(line),
    failed: ([message]: [string]) => failed.resolve(new Error(message)),
    gatherContext: ([asked]: [Parameters<CoordinatorHost['gatherContext']>[0]], stop) => remediation.gatherContext(asked, call(stop)),
    askProposer: ([asked]: [Parameters<CoordinatorHost['askProposer']>[0]], stop) => remediation.askProposer(asked, call(stop)),
    recordAttempt: ([asked]: [Parameters<CoordinatorHost['recordAttempt']>[0]], stop) => remediation.recordAttempt(asked, call(stop)),
    escalate: ([asked]: [Parameters<CoordinatorHost['escalate']>[0]], stop) => remediation.escalate(asked, call(stop)),
  });
  const gone = (why: string): void => {
    calls.end(why);
    failed.resolve(new Error(why));
  };
  child.on('message', (message: TakenMessage) => calls.take(message));
  child.on('error', (error) => gone(error.message));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('exit', (code, by) => gone(`the process of the workflow's server and worker ended (${by ?? code})`));
  const leave = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await ended;
  };
  try {
    const opened = await calls.call<OpenedEngine>('open', [request], signal);
    return {
      ...opened,
      failed: failed.promise,
      start: (...args) => calls.call('start', args),
      coordinate: (...args) => calls.call('coordinate', args),
      openBuild: (...args) => calls.call('openBuild', args),
      result: (...args) => calls.call('result', args),
      state: (...args) => calls.call('state', args),
      control: (...args) => calls.call('control', args),
      terminate: (...args) => calls.call('terminate', args),
      stop: async () => {
        await calls.call('stop', []).catch(() => undefined);
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}
