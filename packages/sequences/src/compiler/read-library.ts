import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sources of this package; a published package has them beside its compiled code. */
const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/** What the library needs of the package of contracts: the registry of errors, whose place in the project is `contracts/`. */
const ERRORS = fileURLToPath(new URL('../src/errors.ts', import.meta.resolve('@selfheal/contracts/errors')));

const FOREIGN = new Map([
  ['@selfheal/contracts/errors', 'contracts/errors.ts'],
  ['@selfheal/contracts', 'contracts/remediation.ts'],
  ['@selfheal/sequences/interpreter', 'interpreter/runtime.ts'],
]);

/**
 * The files that compiled code imports besides the SDK, by path: the score with all of the interpreter that it uses, the registry of errors,
 * and `engine`: files of the engine's workflow code, by path. They are the very files that the interpreter runs on, so both have the same rules.
 */
export async function readLibrary(engine: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const library = new Map([
    ['contracts/errors.ts', await readFile(ERRORS, 'utf8')],
    ['contracts/remediation.ts', await readFile(join(SOURCES, 'compiled/remediation-types.ts'), 'utf8')],
  ]);
  const open = ['compiled/play.ts', 'interpreter/runtime.ts'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (library.has(path)) continue;
    const text = await readFile(join(SOURCES, path), 'utf8');
    library.set(path, withOwnImports(text, path));
    for (const [, specifier = ''] of text.matchAll(/from '(\.[^']+)'/g)) open.push(posix.join(posix.dirname(path), specifier));
  }
  for (const [path, text] of engine) library.set(path, withOwnImports(text, path));
  return library;
}

/** Imports of our packages by their place in the library. */
function withOwnImports(text: string, path: string): string {
  return text.replaceAll(/from '(@selfheal\/[^']+)'/g, (whole, specifier: string) => {
    const target = FOREIGN.get(specifier);
    if (target === undefined) return whole;
    const way = posix.relative(posix.dirname(path), target);
    return `from '${way.startsWith('.') ? way : `./${way}`}'`;
  });
}
