/** `npm run docs`: writes docs/reference from the code that it describes. A test fails when what is committed is not what this writes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { commandPage } from './command-page.ts';
import { configurationPage } from './configuration-page.ts';
import { errorsPage } from './errors-page.ts';
import { handlersPage } from './handlers-page.ts';
import { sequenceLanguagePage } from './sequence-language-page.ts';
import { typesPage } from './types-page.ts';

/** The pages by their path below the root. */
export function referencePages(root: string): Readonly<Record<string, string>> {
  return {
    'docs/reference/handlers.md': handlersPage(root),
    'docs/reference/types.md': typesPage(),
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/command.md': commandPage(),
    'docs/reference/sequence-language.md': sequenceLanguagePage(root),
  };
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  for (const [path, text] of Object.entries(referencePages(root))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
