import type { LogTemplate } from '@selfheal/contracts';
import { findKnownTexts } from './known-texts.ts';
import { logTemplateOf } from './log-template.ts';
import type { TextCleaner } from './text-cleaner.ts';
import { tokeniseLine } from './tokenise-line.ts';

export interface LogLine {
  readonly text: string;
  readonly level?: string;
  /** Epoch ms. */
  readonly at?: number;
}

/** The last `count` lines as templates, oldest first; equal neighbours are one. `files` are the texts of the code by path. */
export function logPart(
  lines: readonly LogLine[],
  count: number,
  files: Readonly<Record<string, string>>,
  cleaner: TextCleaner,
): LogTemplate[] {
  const shown = lines.slice(-count);
  const tokens = shown.map((line) => tokeniseLine(cleaner.line(line.text)));
  const known = findKnownTexts(tokens, files);
  const templates: LogTemplate[] = [];
  for (const [index, line] of shown.entries()) {
    const made = logTemplateOf(tokens[index] ?? [], known);
    const last = templates.at(-1);
    if (last !== undefined && last.template === made.template && JSON.stringify(last.slots) === JSON.stringify(made.slots)) {
      last.count += 1;
      continue;
    }
    templates.push({
      ...made,
      count: 1,
      ...(line.level === undefined ? {} : { level: cleaner.line(line.level).slice(0, 20) }),
      ...(line.at === undefined ? {} : { at: line.at }),
    });
  }
  return templates;
}
