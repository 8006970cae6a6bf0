import type { Diagnostic } from '../interpreter/plan.ts';
import { lineAt } from './source-text.ts';

/** A line longer than this is shown around the place only. */
const MAX_WIDTH = 140;

/**
 * `file:line:column severity: message (expected …) [CODE]`, and where the text is given, the line with the place marked.
 */
export function formatDiagnostic(diagnostic: Diagnostic, sourceText?: string): string {
  const { file, line, column, severity, message, expected, code } = diagnostic;
  const head = `${file}:${line}:${column} ${severity}: ${message}${expected === undefined ? '' : ` (expected ${expected})`} [${code}]`;
  const shown = sourceText === undefined ? undefined : lineAt(sourceText, line);
  if (shown === undefined) return head;
  const start = Math.max(0, Math.min(column - 1 - MAX_WIDTH / 2, shown.length - MAX_WIDTH));
  const part = printable(shown.slice(start, start + MAX_WIDTH));
  const gutter = String(line);
  const before = printable(shown.slice(start, column - 1)).replace(/[^\t]/g, ' ');
  return `${head}\n  ${gutter} | ${part}\n  ${' '.repeat(gutter.length)} | ${before}${'~'.repeat(markLength(shown, column - 1))}`;
}

/** The length of the text, word or sign at a column. */
function markLength(line: string, at: number): number {
  const word = /^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)/.exec(line.slice(at));
  return Math.min(word?.[0].length ?? 1, MAX_WIDTH / 2);
}

/** A document may hold control characters that would act on a terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, '\u{FFFD}');
}
