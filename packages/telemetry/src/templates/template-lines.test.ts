import { describe, expect, it } from 'vitest';
import type { LineSource } from './sources/line-source.ts';
import { type TemplateLine, templateLines } from './template-lines.ts';

const source = (raw: boolean, ...batches: string[][]): LineSource => ({
  path: 'memory',
  raw,
  async *read() {
    yield* batches;
  },
});

async function told(...sources: LineSource[]): Promise<TemplateLine[]> {
  const found: TemplateLine[] = [];
  for await (const lines of templateLines(sources)) found.push(...lines);
  return found;
}

const stamped = ['alice', 'bob', 'carol', 'dave'].map((name, n) => `2024-05-01 10:00:0${n} INFO sent mail to ${name} today`);

describe('templateLines', () => {
  it('tells of each line the template that the whole text shows', async () => {
    const found = await told(source(true, stamped.slice(0, 3), stamped.slice(3)));
    expect(found.map(({ lineId }) => lineId)).toEqual([1, 2, 3, 4]);
    expect(new Set(found.map(({ template }) => template))).toEqual(new Set(['sent mail to <*> today']));
    expect(new Set(found.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it('takes a content column as it is', async () => {
    const [line] = await told(source(false, ['INFO: kept 7']));
    expect(line?.template).toBe('INFO: kept <*>');
  });

  it('learns the head of each source by itself, and finds what they share', async () => {
    const other = ['WARN|12|sent mail to erin today', 'INFO|13|sent mail to zoe today'].map((text, n) => `10:00:0${n}|${text}`);
    const found = await told(source(true, stamped), source(true, other));
    expect(found.map(({ lineId }) => lineId)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(found.map(({ template }) => template))).toEqual(new Set(['sent mail to <*> today']));
  });

  it('counts blank lines, so that ids are those of the file', async () => {
    const found = await told(source(true, ['', 'a 1', '', 'a 2']));
    expect(found.map(({ lineId, template }) => [lineId, template])).toEqual([
      [1, ''],
      [2, 'a <*>'],
      [3, ''],
      [4, 'a <*>'],
    ]);
  });
});
