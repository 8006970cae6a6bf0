import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { GeneratedWorkspace } from './generate-workspace.ts';

/** Fails where a package of a generated workspace was not built. */
export async function requireAllBuilt({ root, graph }: GeneratedWorkspace, name: string): Promise<void> {
  for (const id of graph.ids)
    await access(join(root, 'packages', id, 'dist/out.txt')).catch(() => {
      throw new Error(`${name} ended without building ${id}`);
    });
}
