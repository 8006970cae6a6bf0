import { expect, test } from 'vitest';
import { readDocument } from '../testing/sequence-rig.ts';
import { formatDiagnostic } from './format-diagnostic.ts';

const at = (line: number, column: number) =>
  ({ severity: 'error', code: 'VALUE_INVALID', message: 'no', file: 'a.json', line, column, path: '' }) as const;

test('a finding reads file, line, column, message, what was expected, and shows the line', () => {
  const text =
    '{\n  "$schema": "sequence.schema.json", "id": "a", "name": "a",\n\t"movements": [{ "beats": [{ "handler": "a", "kind": "pur" }] }]\n}';
  const [finding] = readDocument(text).diagnostics;
  if (!finding) throw new Error('nothing found');
  expect(formatDiagnostic(finding, text)).toBe(
    [
      'test.json:3:54 error: "kind" cannot be "pur"; did you mean "pure"? (expected one of pure, stage-crew) [VALUE_INVALID]',
      '  3 | \t"movements": [{ "beats": [{ "handler": "a", "kind": "pur" }] }]',
      '    | \t                                                    ~~~~~',
    ].join('\n'),
  );
});

test('without the text, or with a place outside it, only the message is given', () => {
  expect(formatDiagnostic(at(1, 1))).toBe('a.json:1:1 error: no [VALUE_INVALID]');
  expect(formatDiagnostic(at(9, 1), 'one line')).toBe('a.json:9:1 error: no [VALUE_INVALID]');
});

test('of a very long line only the part around the place is shown', () => {
  const text = `[${'"abc", '.repeat(10_000)}"here"]`;
  const shown = formatDiagnostic(at(1, text.indexOf('"here"') + 1), text);
  expect(shown.length).toBeLessThan(400);
  expect(shown).toContain('"here"]');
  expect(shown).toMatch(/~{6}$/);
});

test('control characters of a document do not reach the terminal', () => {
  expect(formatDiagnostic(at(1, 3), '"\u001b[31mred"')).not.toContain('\u001b');
});
