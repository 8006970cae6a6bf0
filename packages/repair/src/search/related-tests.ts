import { posix } from 'node:path';
import type { Checkout } from '@selfheal/contracts';

const MOST_READ = 400;
const MOST_TESTS = 20;
const IMPORT = /(?:from\s*|import\s*\(?\s*|require\(\s*)(['"])(\.[^'"]*)\1/g;

/** Test files that import one of the sources, nearest first: those that tell whether an edit of them breaks something. */
export async function relatedTests(testFiles: readonly string[], sources: readonly string[], checkout: Checkout): Promise<string[]> {
  const wanted = new Set(sources.map(withoutExtension));
  const found: string[] = [];
  for (const file of testFiles.slice(0, MOST_READ)) {
    const text = (await checkout.read(file)) ?? '';
    const imported = [...text.matchAll(IMPORT)].map(([, , path = '']) => withoutExtension(posix.join(posix.dirname(file), path)));
    if (imported.some((path) => wanted.has(path) || wanted.has(`${path}/index`))) found.push(file);
  }
  const distance = (file: string): number =>
    Math.min(...sources.map((source) => posix.relative(posix.dirname(source), file).split('/').length));
  return found.sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1)).slice(0, MOST_TESTS);
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '');
}
