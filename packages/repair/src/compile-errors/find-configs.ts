import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ts } from 'ts-morph';

const LEFT_OUT = /^(node_modules|dist|build|out|coverage|fixtures?|templates?|examples?|\..*)$/;
const MOST_CONFIGS = 40;

/**
 * The TypeScript projects of a folder as paths of their tsconfigs, relative to it: that of the folder itself with the projects it refers
 * to, else those of its packages. A tsconfig without files of its own only holds options. JavaScript counts where `checkJs` is set.
 */
export function findConfigs(root: string): string[] {
  const found = new Set<string>();
  const add = (config: string): void => {
    if (found.size >= MOST_CONFIGS || found.has(config) || !existsSync(join(root, config))) return;
    const path = join(root, config);
    const parsed = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config ?? {}, ts.sys, dirname(path), {}, path);
    const typed = parsed.options.checkJs === true || parsed.fileNames.some((file) => /(?<!\.d)\.[cm]?tsx?$/.test(file));
    if (typed) found.add(config);
    for (const { path: referred } of parsed.projectReferences ?? [])
      add(relative(root, referred.endsWith('.json') ? referred : join(referred, 'tsconfig.json')));
  };
  for (const name of ['tsconfig.json', 'jsconfig.json']) add(name);
  if (found.size > 0) return [...found];
  for (const folder of packageFolders(root)) add(join(folder, 'tsconfig.json'));
  return [...found];
}

/** Folders one or two levels down that hold a tsconfig: packages of a workspace. */
function packageFolders(root: string): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !LEFT_OUT.test(entry.name))
      .map((entry) => join(folder, entry.name))
      .sort();
  const first = below('');
  return [...first, ...first.flatMap(below)].filter((folder) => existsSync(join(root, folder, 'tsconfig.json')));
}
