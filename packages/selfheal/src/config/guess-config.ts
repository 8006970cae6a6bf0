import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SelfhealConfigInput } from '@selfheal/contracts';
import { glob } from 'tinyglobby';

const LOG_PLACES = ['logs/**/*.{log,ndjson,jsonl,txt}', 'log/**/*.{log,ndjson,jsonl,txt}', '*.log', 'var/log/**/*.log'];
const SEQUENCE_PLACES = ['sequences/**/*.json', '**/json-sequences/*.json', '**/sequences/*.json'];
const BUILD_OUTPUT = ['dist', 'build', 'lib', 'out'];
const IGNORE = ['**/node_modules/**', '**/.git/**', '**/.selfheal/**'];

/** What can be told of a repository by looking: a configuration of only what was found, and notes for a person. */
export async function guessConfig(root: string): Promise<{ config: SelfhealConfigInput; notes: string[] }> {
  const scripts = await scriptsOf(root);
  const [logs, sequences, maps] = await Promise.all([
    found(root, LOG_PLACES),
    found(root, SEQUENCE_PLACES),
    found(
      root,
      BUILD_OUTPUT.map((folder) => `${folder}/**/*.js.map`),
    ),
  ]);
  const config: SelfhealConfigInput = {};
  const notes: string[] = [];
  if (scripts.test !== undefined && !scripts.test.includes('no test specified')) notes.push(`test: npm test (${scripts.test})`);
  else notes.push('test: none found; set "test" to the command that runs the tests');
  if (logs.length > 0) {
    config.logs = [...new Set(logs.map((file) => (file.includes('/') ? `${file.split('/')[0]}/**/*` : file)))];
    notes.push(`logs: ${logs.length} files found`);
  } else notes.push('logs: none found; set "logs" or pass --logs');
  if (sequences.length > 0) {
    config.sequences = sequences;
    notes.push(`sequences: ${sequences.join(', ')}`);
  }
  if (maps.length > 0) {
    config.sourceMaps = [...new Set(maps.map((file) => file.split('/')[0] ?? file))];
    notes.push(`source maps: ${config.sourceMaps.join(', ')}`);
  }
  if (scripts.deploy !== undefined) {
    config.deploy = { command: 'npm run deploy' };
    notes.push(`deploy: npm run deploy (${scripts.deploy}); it must be idempotent and gets SELFHEAL_DEPLOY_KEY`);
  }
  return { config, notes };
}

function found(root: string, patterns: string[]): Promise<string[]> {
  return glob(patterns, { cwd: root, ignore: IGNORE, onlyFiles: true }).then((files) => files.sort());
}

async function scriptsOf(root: string): Promise<Record<string, string>> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('scripts' in manifest)) return {};
  const { scripts } = manifest;
  if (typeof scripts !== 'object' || scripts === null) return {};
  return Object.fromEntries(Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
