import { resolve } from 'node:path';
import { type LineSource, templateLines } from '@selfheal/telemetry';
import type { Row } from './table.ts';
import { runDrain3 } from './templates/drain3.ts';
import { type LabelledSet, readLabelledSets } from './templates/labelled-sets.ts';
import { meanScore, type Parsed, type ParsingScore, scoreParsing } from './templates/score.ts';
import { contentSpeed, mixOf, newShapes, rawSpeed } from './templates/speed.ts';

type Table = { name: string; scores: ParsingScore[] };

/** Template mining on the public sets in `<data>/loghub_2k`, one configuration for all, beside drain3 on the same lines in the same run. */
export async function runTemplatesBench(folder: string, data: string): Promise<Row[]> {
  const source = resolve(data, 'loghub_2k');
  const sets = await readLabelledSets(source);
  const worst: Row = { what: 'selfheal, every line of a new shape', value: contentSpeed(newShapes()), unit: 'lines/s' };
  if (sets.length === 0) {
    process.stdout.write(
      `\ntemplates: no labelled sets in ${source}; give a folder with loghub_2k: npm run bench -- templates --data FOLDER\n`,
    );
    return [worst];
  }
  const content = mixOf(sets.map((set) => set.content));
  const raw = mixOf(sets.map((set) => set.raw));
  const drain = await runDrain3(folder, [...sets.map((set) => set.content), ...sets.map((set) => set.raw)], [content, raw]);
  const tables = [await tableOf('content', sets, false), await tableOf('raw', sets, true)];
  if (typeof drain === 'string') process.stdout.write(`\n${drain}\n`);
  else {
    tables.push({ name: 'content, drain3', scores: sets.map((set, at) => scoreParsing(set, parsedAt(drain.sets, at))) });
    tables.push({ name: 'raw, drain3', scores: sets.map((set, at) => scoreParsing(set, parsedAt(drain.sets, sets.length + at))) });
  }
  for (const table of tables) print(table, sets);
  const ours: Row[] = [
    { what: `selfheal, content of ${sets.length} systems`, value: contentSpeed(content), unit: 'lines/s' },
    { what: `selfheal, raw lines of ${sets.length} systems`, value: rawSpeed(raw, sets), unit: 'lines/s' },
    worst,
  ];
  if (typeof drain === 'string') return ours;
  const [ofContent = 0, ofRaw = 0] = drain.speed;
  return [
    ...ours,
    { what: 'drain3 with masks, the same content', value: ofContent, unit: 'lines/s' },
    { what: 'drain3 with masks, the same raw lines', value: ofRaw, unit: 'lines/s' },
  ];
}

async function tableOf(name: string, sets: readonly LabelledSet[], raw: boolean): Promise<Table> {
  const scores: ParsingScore[] = [];
  for (const set of sets) scores.push(scoreParsing(set, await parsed(raw ? set.raw : set.content, raw)));
  return { name, scores };
}

async function parsed(lines: readonly string[], raw: boolean): Promise<Parsed> {
  const source: LineSource = {
    path: 'memory',
    raw,
    async *read() {
      yield lines;
    },
  };
  const groups: string[] = [];
  const templates: string[] = [];
  for await (const batch of templateLines([source])) {
    for (const { eventId, template } of batch) {
      groups.push(eventId);
      templates.push(template);
    }
  }
  return { groups, templates };
}

function parsedAt(results: readonly Parsed[], at: number): Parsed {
  const result = results[at];
  if (result === undefined) throw new RangeError(`drain3 gave no result for list ${at}`);
  return result;
}

function print({ name, scores }: Table, sets: readonly LabelledSet[]): void {
  const row = (title: string, { ga, fga, pa, fta }: ParsingScore): string =>
    `  ${title.padEnd(24)} ${[ga, fga, pa, fta].map((value) => value.toFixed(3).padStart(7)).join('')}\n`;
  process.stdout.write(`\n${name.padEnd(26)}      GA    FGA     PA    FTA\n`);
  for (const [at, score] of scores.entries()) process.stdout.write(row(sets[at]?.name ?? '', score));
  process.stdout.write(row('average', meanScore(scores)));
}
