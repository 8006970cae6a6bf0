import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { readImports } from '../layers/read-imports.ts';

/** Names, with the files that import them, of packages that the staged code loads and its manifest does not list. */
export function undeclaredPackages(stageDir: string): string[] {
  const manifest: { name: string; dependencies: Record<string, string> } = JSON.parse(readFileSync(join(stageDir, 'package.json'), 'utf8'));
  const declared = new Set([manifest.name, ...Object.keys(manifest.dependencies)]);
  const missing = new Map<string, string>();
  for (const file of globSync('{dist,cli,node_modules/@selfheal}/**/*.js', { cwd: stageDir })) {
    for (const { specifier } of readImports(file, readFileSync(join(stageDir, file), 'utf8'))) {
      const name = packageName(specifier);
      if (name !== undefined && !declared.has(name)) missing.set(name, file);
    }
  }
  return [...missing].map(([name, file]) => `${name} (${file})`).sort();
}

function packageName(specifier: string): string | undefined {
  if (/^[./]|^node:/.test(specifier) || builtinModules.includes(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
