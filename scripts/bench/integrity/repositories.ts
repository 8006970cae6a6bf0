import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PatchedRepository } from './patched-repository.ts';
import { CALENDAR } from './repositories/calendar.ts';
import { CATALOGUE } from './repositories/catalogue.ts';
import { LEDGER } from './repositories/ledger.ts';
import { PARCELS } from './repositories/parcels.ts';

const PACKAGES = ['statistics', 'anomaly', 'forge', 'sequences'];
const ROOT = join(import.meta.dirname, '../../..');

/** Small services in the manner of four runners, and packages of this very workspace: code that people wrote for other ends. */
export function patchedRepositories(packages: readonly string[] = PACKAGES): PatchedRepository[] {
  return [LEDGER, PARCELS, CATALOGUE, CALENDAR, ...packages.map(workspacePackage)];
}

function workspacePackage(name: string): PatchedRepository {
  const files: Record<string, string> = {};
  const folder = join(ROOT, 'packages', name);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.(ts|json)$/.test(entry.name) && !path.includes('node_modules') && !path.includes('/dist/'))
      files[path.slice(folder.length + 1)] = readFileSync(path, 'utf8');
  }
  files['vitest.config.ts'] = 'export default { test: { include: ["src/**/*.test.ts"] } };\n';
  const code = Object.keys(files).filter((path) => path.startsWith('src/') && path.endsWith('.ts'));
  const tests = code.filter((path) => path.endsWith('.test.ts')).sort();
  const production = code.filter((path) => !tests.includes(path) && !/\/testing\/|\/(index|test-.*|.*-rig)\.ts$/.test(path)).sort();
  return { name: `packages/${name}`, runner: 'vitest', files, production, tests, runnerConfig: 'vitest.config.ts' };
}
