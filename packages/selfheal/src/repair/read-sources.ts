import type { Checkout } from '@selfheal/contracts';
import { isProductionSource } from '@selfheal/repair';

const MOST_SOURCES = 400;
const LARGEST_SOURCE = 200_000;

/** The production sources of a checkout that may be edited, by path. */
export async function readSources(
  checkout: Checkout & { readonly paths?: readonly string[] },
  testFiles: readonly string[],
): Promise<Map<string, string>> {
  const tests = new Set(testFiles);
  const files = (checkout.paths ?? []).filter((file) => isProductionSource(file) && !tests.has(file) && !file.endsWith('.d.ts'));
  const texts = new Map<string, string>();
  for (const file of files.slice(0, MOST_SOURCES)) {
    const text = await checkout.read(file);
    if (text !== undefined && text.length <= LARGEST_SOURCE) texts.set(file, text);
  }
  return texts;
}
