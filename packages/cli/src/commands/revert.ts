import { userInfo } from 'node:os';
import { createHealView, startEngine } from '../output/heal-view.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal revert`: a revert commit, a redeploy where a command is set, and the patch hash barred. */
export async function revertCommand(terminal: Terminal, id: string, options: CommonOptions & { why: string; by?: string }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const view = createHealView(terminal, healing, options);
    try {
      await startEngine(view, healing);
      const commit = await view.phase(
        'Reverting',
        () => healing.revert(id, { by: options.by ?? userInfo().username, why: options.why }),
        (sha) => sha,
      );
      terminal.stdout.write(`reverted by ${commit}; the patch is barred\n`);
    } finally {
      view.close();
    }
  });
}
