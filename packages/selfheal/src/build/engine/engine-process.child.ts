/** Entry of the process that holds server, worker and client of builds, so that their weight holds up no command; it ends with its parent. */

import type { BuildEngine } from '@selfheal/temporal';
import { Calls, type TakenMessage } from './calls.ts';
import type { AgainstBuild, OpenEngineRequest, OpenedEngine } from './engine-process.ts';
import { openEngineHere } from './open-engine-here.ts';

let engine: BuildEngine | undefined;

function opened(): BuildEngine {
  if (engine === undefined) throw new TypeError('the engine is not open');
  return engine;
}

const calls = new Calls((message) => process.connected && process.send?.(message), {
  open: async ([request]: [OpenEngineRequest], signal): Promise<OpenedEngine> => {
    const against: AgainstBuild = {
      buildTask: (call, stop) => calls.call('buildTask', [call], stop),
      steer: (change) => void calls.call('steer', [change]).catch(() => undefined),
      notice: (line) => void calls.call('notice', [line]).catch(() => undefined),
      remediation: {
        gatherContext: (asked, { signal: stop }) => calls.call('gatherContext', [asked], stop),
        askProposer: (asked, { signal: stop }) => calls.call('askProposer', [asked], stop),
        recordAttempt: (asked, { signal: stop }) => calls.call('recordAttempt', [asked], stop),
        escalate: (asked, { signal: stop }) => calls.call('escalate', [asked], stop),
      },
    };
    engine = await openEngineHere(request, against, signal);
    void engine.failed.then((error) => calls.call('failed', [error instanceof Error ? error.message : String(error)]));
    const { address, namespace, bundle } = engine;
    return { address, namespace, bundle };
  },
  start: (args: Parameters<BuildEngine['start']>) => opened().start(...args),
  coordinate: (args: Parameters<BuildEngine['coordinate']>) => opened().coordinate(...args),
  openBuild: (args: Parameters<BuildEngine['openBuild']>) => opened().openBuild(...args),
  result: (args: Parameters<BuildEngine['result']>) => opened().result(...args),
  state: (args: Parameters<BuildEngine['state']>) => opened().state(...args),
  control: (args: Parameters<BuildEngine['control']>) => opened().control(...args),
  terminate: (args: Parameters<BuildEngine['terminate']>) => opened().terminate(...args),
  stop: () => engine?.stop(),
});

process.on('message', (message: TakenMessage) => calls.take(message));
// Its server is a child of this one and ends with it.
process.on('disconnect', () => process.exit());
