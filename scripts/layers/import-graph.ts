import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Import, readImports } from './read-imports.ts';
import { importResolver, type Target } from './resolve-import.ts';
import { listSourceFiles, readUnits, type SourceFile } from './tree.ts';

/** One import with both its ends. */
export interface Edge extends Import {
  readonly from: SourceFile;
  readonly target: Target;
}

export interface ImportGraph {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly edges: readonly Edge[];
}

/** Reads every source file below `root` and resolves its imports. */
export function readImportGraph(root: string): ImportGraph {
  const units = readUnits(root);
  const files = new Map(listSourceFiles(root, units).map((file) => [file.path, file]));
  const resolveImport = importResolver(units, new Set(files.keys()));
  const edges = [...files.values()].flatMap((from) =>
    readImports(from.path, readFileSync(join(root, from.path), 'utf8')).map((found) => ({
      ...found,
      from,
      target: resolveImport(from, found.specifier),
    })),
  );
  return { files, edges };
}

/** The source file that an import leads to, if it is one of ours. */
export function targetFile(target: Target): string | undefined {
  return target.kind === 'relative' || target.kind === 'unit' ? target.file : undefined;
}
