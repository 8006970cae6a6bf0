import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvColumn, csvField, fieldsOf } from './csv-column.ts';

async function column(text: string, name: string): Promise<string[]> {
  const batches = (async function* () {
    for (const line of text.split('\n')) yield [line];
  })();
  const found: string[] = [];
  for await (const batch of csvColumn(batches, name, 'x.csv')) found.push(...batch);
  return found;
}

describe('csvColumn', () => {
  it('reads fields with commas, quotes and line ends in them', async () => {
    expect(await column('id,Text,z\n1,plain,\n2,"a, ""b""\nc",\n\n3,,y\n', 'Text')).toEqual(['plain', 'a, "b"\nc', '']);
  });

  it.each([
    ['a,b\n1,2', 'c', /no column "c".*"a", "b"/],
    ['a,b\n1', 'b', /line 2 has 1 fields, the column is field 2/],
    ['a\nx\n"y\nz', 'a', /line 3 opens a quote/],
    ['', 'a', /empty/],
  ])('of %j says what is wrong', async (text, name, message) => {
    await expect(column(text, name)).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(message) });
  });

  it('does not hold a file whose quote is never closed', async () => {
    const text = `a\n"${'x\n'.repeat(600_000)}`;
    await expect(column(text, 'a')).rejects.toMatchObject({ message: expect.stringMatching(/line 2 opens a quote/) });
  });

  it('reads back what is written', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (values) => {
        expect(fieldsOf(values.map(csvField).join(','))).toEqual(values);
      }),
    );
  });
});
