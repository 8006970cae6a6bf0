import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProfileWeights, WindowRows } from './sweep.ts';

/** One labelled series of the benchmark. */
export interface LabelledSeries {
  /** `<category>/<file>.csv`, as in the labels. */
  readonly name: string;
  readonly category: string;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
  readonly windows: readonly WindowRows[];
}

export interface Corpus {
  readonly series: readonly LabelledSeries[];
  readonly profiles: ReadonlyMap<string, ProfileWeights>;
}

const LABELS = 'labels/combined_windows.json';
const PROFILES = 'config/profiles.json';

const labels = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
const profiles = z.record(
  z.string(),
  z.object({ CostMatrix: z.object({ tpWeight: z.number(), fpWeight: z.number(), fnWeight: z.number() }) }),
);

/** Whether the folder looks like the benchmark at all. */
export function isCorpus(folder: string): boolean {
  return existsSync(join(folder, 'data')) && existsSync(join(folder, LABELS)) && existsSync(join(folder, PROFILES));
}

/** Reads a folder laid out as the Numenta Anomaly Benchmark: `data/<category>/*.csv`, its labels and its profiles. */
export function readCorpus(folder: string): Corpus {
  const windowsOf = readJson(join(folder, LABELS), labels);
  const costs = readJson(join(folder, PROFILES), profiles);
  const data = join(folder, 'data');
  const names = readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: category }) => readdirSync(join(data, category)).map((file) => `${category}/${file}`))
    .filter((name) => name.endsWith('.csv'))
    .sort();
  return {
    series: names.map((name) => readSeries(join(data, name), name, windowsOf[name])),
    profiles: new Map(Object.entries(costs).map(([name, { CostMatrix }]) => [name, CostMatrix])),
  };
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} is not as the benchmark publishes it: ${what}`, { cause });
  }
}

function readSeries(file: string, name: string, limits: z.infer<typeof labels>[string] | undefined): LabelledSeries {
  if (limits === undefined) throw new Error(`${name} has no entry in ${LABELS}`);
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line, row) => readRow(line, `${file}:${row + 2}`));
  const rowAt = new Map(rows.map(({ timeMs }, row): [number, number] => [timeMs, row]).reverse());
  const rowOf = (time: string): number => {
    const row = rowAt.get(parseTime(time));
    if (row === undefined) throw new Error(`${name}: the window limit ${time} is no row of the series`);
    return row;
  };
  return {
    name,
    category: name.split('/')[0] ?? name,
    timesMs: rows.map(({ timeMs }) => timeMs),
    values: rows.map(({ value }) => value),
    windows: limits.map(([first, last]) => ({ first: rowOf(first), last: rowOf(last) })),
  };
}

function readRow(line: string, where: string): { timeMs: number; value: number } {
  const [time = '', text = ''] = line.split(',');
  const [timeMs, value] = [parseTime(time), Number(text)];
  if (Number.isNaN(timeMs) || text.trim() === '' || Number.isNaN(value)) throw new Error(`${where}: "${line}" is no timestamp,value`);
  return { timeMs, value };
}

/** The benchmark writes no zone; any fixed one will do, for only differences and the time of day count. */
function parseTime(text: string): number {
  return Date.parse(`${text.trim().replace(' ', 'T')}Z`);
}
