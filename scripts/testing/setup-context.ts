import type { SetupContext, Task } from '../setup/machine-need.ts';
import { SetupMemory } from '../setup/setup-memory.ts';
import type { TempTree } from './temp-tree.ts';

/** A set-up on a machine that has no program but those in `bin` of the tree, run by root; `said` holds what the user was told. */
export function setupContext(tree: TempTree, task: Task = 'test'): SetupContext & { readonly said: string[] } {
  const said: string[] = [];
  const env = { PATH: tree.path('bin'), HOME: tree.path('home') };
  return { root: tree.root, task, env, userId: 0, memory: new SetupMemory(tree.root), say: (line) => void said.push(line), said };
}
