import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sources of this package; a published package has them beside its compiled code. */
const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/** What the library needs of the package of contracts: the registry of errors, whose place in the project is `contracts/`. */
const ERRORS = fileURLToPath(new URL('../src/errors.ts', import.meta.resolve('@selfheal/contracts/errors')));

const FOREIGN = new Map([
  ['@selfheal/contracts/errors', 'contracts/errors.ts'],
  ['@selfheal/contracts', 'contracts/remediation-options.ts'],
  ['@selfheal/sequences/interpreter', 'interpreter/runtime.ts'],
]);

/** The schema that this type comes from has checked the document when it was read; compiled code needs no more than the type. */
const REMEDIATION_OPTIONS = `/** What a beat says about its remediation. */
export interface AiRemediationOptions {
  readonly enabled: boolean;
  readonly promptTemplateId?: string;
  readonly maxAiRetries?: number;
  readonly model?: string;
  readonly stopAfter?: 'decide' | 'validate' | 'retry';
  readonly decisionHandlers?: { readonly [decision in 'RETRY' | 'FAIL' | 'ESCALATE']?: string };
  readonly contextConfig?: Readonly<Record<string, unknown>>;
}
`;

/**
 * The files that compiled code imports besides the SDK, by path: the score with all of the interpreter that it uses, the registry of errors,
 * and `engine`: files of the engine's workflow code, by name. They are the very files that the interpreter runs on, so both have the same rules.
 */
export async function readLibrary(engine: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const library = new Map([
    ['contracts/errors.ts', await readFile(ERRORS, 'utf8')],
    ['contracts/remediation-options.ts', REMEDIATION_OPTIONS],
  ]);
  const open = ['compiled/play.ts', 'interpreter/runtime.ts'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (library.has(path)) continue;
    const text = await readFile(join(SOURCES, path), 'utf8');
    library.set(path, withOwnImports(text, path));
    for (const [, specifier = ''] of text.matchAll(/from '(\.[^']+)'/g)) open.push(posix.join(posix.dirname(path), specifier));
  }
  for (const [name, text] of engine) library.set(`workflows/${name}`, withOwnImports(text, `workflows/${name}`));
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
