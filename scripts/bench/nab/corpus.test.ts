import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isCorpus, readCorpus } from './corpus.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corpus-'));
  for (const sub of ['data/real', 'labels', 'config']) mkdirSync(join(folder, sub), { recursive: true });
  writeFileSync(
    join(folder, 'data/real/a.csv'),
    'timestamp,value\n2014-02-14 14:30:00,0.5\n2014-02-14 14:35:00,2\n2014-02-14 14:40:00,3\n',
  );
  writeFileSync(
    join(folder, 'config/profiles.json'),
    JSON.stringify({ standard: { CostMatrix: { tpWeight: 1, fpWeight: 0.11, fnWeight: 1 } } }),
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

function label(labels: Record<string, unknown>): void {
  writeFileSync(join(folder, 'labels/combined_windows.json'), JSON.stringify(labels));
}

describe('readCorpus', () => {
  it('reads series, windows as rows, and profiles', () => {
    label({ 'real/a.csv': [['2014-02-14 14:35:00.000000', '2014-02-14 14:40:00.000000']] });
    const { series, profiles } = readCorpus(folder);
    expect(series).toEqual([
      {
        name: 'real/a.csv',
        category: 'real',
        timesMs: [0, 5, 10].map((minutes) => Date.UTC(2014, 1, 14, 14, 30 + minutes)),
        values: [0.5, 2, 3],
        windows: [{ first: 1, last: 2 }],
      },
    ]);
    expect(profiles.get('standard')?.fpWeight).toBe(0.11);
  });

  it('says which label is missing or fits no row', () => {
    label({});
    expect(() => readCorpus(folder)).toThrow('real/a.csv has no entry');
    label({ 'real/a.csv': [['2014-02-14 14:36:00', '2014-02-14 14:40:00']] });
    expect(() => readCorpus(folder)).toThrow('2014-02-14 14:36:00 is no row');
  });

  it('says what is wrong with a row or a file, and where', () => {
    label({ 'real/a.csv': [] });
    writeFileSync(join(folder, 'data/real/a.csv'), 'timestamp,value\n2014-02-14 14:30:00,1\n2014-02-14 14:35:00,\n');
    expect(() => readCorpus(folder)).toThrow('a.csv:3: "2014-02-14 14:35:00," is no timestamp,value');
    label({ 'real/a.csv': 'none' });
    expect(() => readCorpus(folder)).toThrow(/combined_windows\.json is not as the benchmark publishes it: .*expected array/s);
  });

  it('tells a corpus from a folder that is none', () => {
    label({});
    expect(isCorpus(folder)).toBe(true);
    expect(isCorpus(join(folder, 'data'))).toBe(false);
  });
});
