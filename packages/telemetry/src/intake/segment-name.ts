import { readdir } from 'node:fs/promises';

const SUFFIX = '.sealed';
const NAME = /^([a-z]+)-\d{15}-[0-9a-f]{12}\.sealed$/;

/** Names sort by time, and none is ever used again: a segment is known by its name alone, whatever happens to its bytes. */
export function segmentName(stream: string, now: number, random: string): string {
  return `${stream}-${String(now).padStart(15, '0')}-${random}${SUFFIX}`;
}

/** What the lines of a segment come from, as its name says. Undefined for other files. */
export function streamOf(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/** The name of a segment that is set aside because of a damaged line. */
export function asideName(name: string): string {
  return `${name.slice(0, -SUFFIX.length)}.corrupt`;
}

/** Names of the segments in a folder, oldest first of each stream. */
export async function segmentNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => NAME.test(name)).sort();
}
