import { userInfo } from 'node:os';
import { SelfhealError } from '@selfheal/contracts';
import { type OpenPrompts, openPrompts } from 'selfheal/ai';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';

export interface PromptOptions extends CommonOptions {
  readonly by?: string;
}

/** Opens the prompts of a project for one command, with whose they are. No engine is started. */
export async function withPrompts<T>(
  terminal: Terminal,
  options: PromptOptions,
  work: (prompts: OpenPrompts, by: string) => Promise<T>,
): Promise<T> {
  await using prompts = await openPrompts({
    repo: options.repo,
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    env: terminal.env,
  });
  return await work(prompts, options.by ?? userInfo().username);
}

/** A version as given on the command line. */
export function versionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new SelfhealError('INPUT_INVALID', `${JSON.stringify(text)} is no version; versions are 1, 2, 3 ...`);
  return Number(text);
}
