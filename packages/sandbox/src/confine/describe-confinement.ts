import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { makeCopyFolder } from '../checkout/copy-folder.ts';
import { findConfinement } from './tool.ts';

const WORDS = {
  bubblewrap: 'bubblewrap',
  namespaces: 'util-linux namespaces',
  none: 'none: tests run unconfined, as sandbox.unsafe says',
} as const;

/** What confines commands on this machine, in words, by really trying it. Fails with SANDBOX_MISSING. */
export async function describeConfinement(unsafe: boolean): Promise<string> {
  const folder = await makeCopyFolder(tmpdir());
  try {
    return WORDS[(await findConfinement(folder.etc, unsafe)).kind];
  } finally {
    await rm(folder.path, { recursive: true, force: true });
  }
}
