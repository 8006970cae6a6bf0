import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { RepositoryCheckout } from '../checkout/checkout.ts';

/**
 * Where tests run from build output: which source file each was made of, by its source map. Files that are source themselves, or that
 * say nothing of their origin, are left out.
 */
export async function builtFrom(checkout: RepositoryCheckout, files: readonly string[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const file of files) {
    if (checkout.holds(file)) continue;
    const source = await sourceOf(checkout.path, file);
    if (source !== undefined) sources.set(file, source);
  }
  return sources;
}

async function sourceOf(root: string, file: string): Promise<string | undefined> {
  const text = await readFile(join(root, file), 'utf8').catch(() => '');
  const url = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
  if (url === undefined) return undefined;
  const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/.exec(url) ?? [];
  const folder = dirname(join(root, file));
  const map =
    inline === undefined ? await readFile(resolve(folder, url), 'utf8').catch(() => '{}') : Buffer.from(inline, 'base64').toString('utf8');
  const [source, sourceRoot] = readSource(map);
  return source === undefined ? undefined : relative(root, resolve(folder, sourceRoot, source));
}

function readSource(text: string): [string | undefined, string] {
  try {
    const map: unknown = JSON.parse(text);
    if (typeof map !== 'object' || map === null || !('sources' in map) || !Array.isArray(map.sources)) return [undefined, ''];
    const [first] = map.sources;
    const sourceRoot = 'sourceRoot' in map && typeof map.sourceRoot === 'string' ? map.sourceRoot : '';
    return [typeof first === 'string' ? first : undefined, sourceRoot];
  } catch {
    return [undefined, ''];
  }
}
