import { createSelfHealing, type SelfHealing } from 'selfheal';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';

/** Opens the project and its store for one command and closes them after it; the engine is only started by who needs it. */
export async function withHealing<T>(terminal: Terminal, options: CommonOptions, work: (healing: SelfHealing) => Promise<T>): Promise<T> {
  const healing = await createSelfHealing({
    repo: options.repo,
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    env: terminal.env,
  });
  try {
    return await work(healing);
  } finally {
    await healing.stop();
  }
}
