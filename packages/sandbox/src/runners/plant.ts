import { randomBytes } from 'node:crypto';
import type { RepositoryCheckout } from '../checkout/checkout.ts';
import type { TestCommand } from './command.ts';
import { plantedFile, plantedTests } from './planted.ts';

/** Failing tests put into a checkout for one run. */
export interface Plant {
  /** Occurs in the title of each planted test, and nowhere else. */
  readonly token: string;
  readonly files: readonly string[];
  /** Test files at whose end failing tests were planted, which are sure to run there. */
  readonly within: readonly string[];
  remove(): Promise<void>;
}

/** So many selected files also get planted tests inside; a run of more is a run of the suite, where one file of ours is enough. */
const MOST_FILES = 20;

/**
 * Plants a failing test file beside an existing one, and failing tests at the end of each selected file. Undefined where there is no
 * test file to go by.
 */
export async function plantTests(
  checkout: RepositoryCheckout,
  command: TestCommand,
  known: readonly string[],
  selected: readonly string[] | undefined,
): Promise<Plant | undefined> {
  const token = `planted${randomBytes(8).toString('hex')}`;
  const tdd = usesTdd(command);
  const undo: (() => Promise<void>)[] = [];
  const within: string[] = [];
  const sample = selected?.[0] ?? known[0];
  const text = sample === undefined ? undefined : await checkout.read(sample);
  if (sample === undefined || text === undefined) return undefined;
  const own = plantedFile(command.runner, { file: sample, text }, token, tdd);
  await checkout.write(own.file, own.text);
  undo.push(() => checkout.remove(own.file));
  if (selected !== undefined && selected.length <= MOST_FILES) {
    for (const file of selected) {
      const before = await checkout.read(file);
      if (before === undefined) continue;
      await checkout.write(file, before + plantedTests(command.runner, { file, text: before }, token, tdd));
      undo.push(() => checkout.write(file, before));
      // Beside a test that alone is to run, ours do not.
      if (!/\bonly\b/.test(before)) within.push(file);
    }
  }
  return {
    token,
    files: [own.file],
    within,
    remove: async () => {
      for (const step of undo) await step();
    },
  };
}

function usesTdd(command: TestCommand): boolean {
  const at = command.options.findIndex((option) => /^(-u|--ui)$/.test(option));
  const ui = at >= 0 ? command.options[at + 1] : command.options.find((option) => option.startsWith('--ui='))?.slice('--ui='.length);
  return command.runner === 'mocha' && (ui === 'tdd' || ui === 'qunit');
}
