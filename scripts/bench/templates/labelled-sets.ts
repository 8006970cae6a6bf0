import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLineSource } from '@selfheal/telemetry';

/** A log whose templates are known, line by line: as it was written, and its content column. */
export interface LabelledSet {
  name: string;
  raw: string[];
  content: string[];
  /** True group and template of each line. */
  groups: string[];
  templates: string[];
}

/**
 * The sets of a folder laid out as Loghub's 2k samples (Zhu, He, He, Liu, Lyu: "Loghub: A Large Collection of System Log Datasets for
 * AI-driven Log Analytics", ISSRE 2023): `NAME/NAME_2k.log` and `NAME/NAME_2k.log_structured.csv`.
 */
export async function readLabelledSets(folder: string): Promise<LabelledSet[]> {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, `${name}_2k.log_structured.csv`)));
  const sets: LabelledSet[] = [];
  for (const name of names.sort()) {
    const table = join(folder, name, `${name}_2k.log_structured.csv`);
    const raw = readFileSync(join(folder, name, `${name}_2k.log`), 'utf8').split(/\r?\n/);
    if (raw.at(-1) === '') raw.pop();
    sets.push({
      name,
      raw,
      content: await columnOf(table, 'Content'),
      groups: await columnOf(table, 'EventId'),
      templates: await columnOf(table, 'EventTemplate'),
    });
  }
  return sets;
}

async function columnOf(path: string, contentColumn: string): Promise<string[]> {
  const fields: string[] = [];
  for await (const batch of (await openLineSource(path, { contentColumn })).read()) fields.push(...batch);
  return fields;
}
