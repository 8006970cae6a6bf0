import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const knownHash = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string(), z.string()]);

const shape = z.object({
  format: z.literal(1),
  /** Hashes of files and the signs by which a file is known to be unchanged. */
  files: z.record(z.string(), knownHash),
  tasks: z.record(
    z.string(),
    z.object({
      /** Milliseconds of the last run that ended well. */
      durationMs: z.number().optional(),
      /** Key that the outputs in the tree belong to. */
      key: z.string().optional(),
      /** A run began and its end was not recorded: the outputs are of no key. */
      started: z.boolean().optional(),
    }),
  ),
});

export type BuildIndex = z.infer<typeof shape>;

/** What the last builds of a workspace left: a plain file, so that a build with nothing to do opens no database. Damage makes it empty. */
export async function readIndex(file: string): Promise<BuildIndex> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return { format: 1, files: {}, tasks: {} };
  }
}

export async function writeIndex(file: string, index: BuildIndex): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, JSON.stringify(index));
  await rename(partial, file);
}
