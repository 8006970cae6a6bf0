import { Node } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import type { Site } from './causes.ts';

export interface ConcurrencyHelper {
  readonly module: string;
  /** Called with the number at once; gives a function that runs a task within the limit. */
  readonly call: string;
  /** Makes its name known in the file. */
  readonly changes: readonly Change[];
}

/** p-limit, where the repository depends on it. */
export function concurrencyHelper(site: Site): ConcurrencyHelper | undefined {
  const manifest = site.context.sources.files['package.json'] ?? '';
  if (!/"dependencies"\s*:\s*\{[^}]*"p-limit"\s*:/.test(manifest)) return undefined;
  const imported = /import (\w+) from ['"]p-limit['"]|const (\w+) = require\(['"]p-limit['"]\)/.exec(site.text);
  const name = imported?.[1] ?? imported?.[2];
  if (name !== undefined) return { module: 'p-limit', call: name, changes: [] };
  const { quote, semicolon, newline } = site.style;
  const last = site.source.getStatements().findLast((statement) => Node.isImportDeclaration(statement));
  if (!last) return undefined;
  return {
    module: 'p-limit',
    call: 'pLimit',
    changes: [{ start: last.getEnd(), end: last.getEnd(), text: `${newline}import pLimit from ${quote}p-limit${quote}${semicolon}` }],
  };
}
