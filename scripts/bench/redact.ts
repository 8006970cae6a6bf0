import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openRedaction } from '@selfheal/redaction';
import { ordinaryLines } from './ordinary-lines.ts';
import { type SecretSample, secretSamples } from './secret-samples.ts';
import type { Row } from './table.ts';

const SEED = 20_261_121;
const ROUNDS = 40;
const MEASURED_BYTES = 200_000_000;

/**
 * Recall over synthetic secrets, false hits and speed over lines without a secret: made ones, and those of the log files in the folder
 * `data` that hold logs. The speed is bytes a second of processor time, so that a busy machine tells the same.
 */
export async function runRedactBench(folder: string, data: string): Promise<Row[]> {
  const redaction = await openRedaction(folder);
  const samples = secretSamples(SEED, ROUNDS);
  const missed = samples.filter((sample) => !isHidden(sample, redaction({})(sample.line)));
  const rows: Row[] = [
    { what: 'secrets', value: samples.length, unit: '' },
    { what: '  of them missed', value: (100 * missed.length) / samples.length, unit: '%', bound: 5 },
  ];
  for (const [name, lines] of await lineSets(data)) {
    const redact = redaction({});
    const hits = lines.filter((line) => redact(line) !== line).length;
    rows.push({ what: `${name}: false hits in ${lines.length} lines`, value: (100 * hits) / lines.length, unit: '%', bound: 0.1 });
    rows.push({ what: `${name}: speed`, value: speed(lines, redact), unit: 'MB/s a core' });
  }
  return rows;
}

export function isHidden({ secret }: SecretSample, line: string): boolean {
  return !line.includes(secret) && line.includes('<redacted:');
}

function speed(lines: readonly string[], redact: (line: string) => string): number {
  const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const rounds = Math.ceil(MEASURED_BYTES / bytes);
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) for (const line of lines) redact(line);
  const { user, system } = process.cpuUsage(before);
  return (bytes * rounds) / (user + system);
}

async function lineSets(data: string): Promise<[string, string[]][]> {
  const sets: [string, string[]][] = [['made lines', ordinaryLines(SEED, 20_000)]];
  for (const folder of ['loghub_2k', 'nezha_trainticket']) {
    for (const name of await readdir(join(data, folder)).catch(() => [])) {
      const lines = await linesUnder(join(data, folder, name));
      if (lines.length > 0) sets.push([`${folder}/${name}`, lines]);
    }
  }
  return sets;
}

async function linesUnder(path: string): Promise<string[]> {
  if ((await stat(path)).isDirectory()) {
    const lines: string[] = [];
    for (const name of (await readdir(path)).sort()) lines.push(...(await linesUnder(join(path, name))));
    return lines;
  }
  if (!/\.(?:log|ndjson|log\.csv)(?:\.gz)?$/.test(path)) return [];
  const content = await readFile(path);
  return (path.endsWith('.gz') ? gunzipSync(content) : content)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}
