import { describe, expect, it } from 'vitest';
import { type TemplateLine, templateLines } from './template-lines.ts';

async function told(lines: readonly string[], raw: boolean): Promise<TemplateLine[]> {
  const found: TemplateLine[] = [];
  for await (const line of templateLines(() => lines, raw)) found.push(line);
  return found;
}

describe('templateLines', () => {
  it('tells of each line the template that the whole text shows', async () => {
    const lines = ['alice', 'bob', 'carol', 'dave'].map((name, n) => `2024-05-01 10:00:0${n} INFO sent mail to ${name} today`);
    const found = await told(lines, true);
    expect(found.map(({ lineId }) => lineId)).toEqual([1, 2, 3, 4]);
    expect(new Set(found.map(({ template }) => template))).toEqual(new Set(['sent mail to <*> today']));
    expect(new Set(found.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it('takes a content column as it is', async () => {
    const [line] = await told(['INFO: kept 7'], false);
    expect(line?.template).toBe('INFO: kept <*>');
  });
});
