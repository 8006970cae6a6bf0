import type { Edit } from '@selfheal/contracts';
import { type Change, makeEdits } from '../patch/make-edits.ts';

/** Puts a test at the end of a test file, and what it takes in that the file does not yet, behind its last import. */
export function appendTest(file: string, text: string, imports: readonly string[], test: readonly string[], newline: string): Edit[] {
  const missing = imports.flatMap((line) => withoutKnown(line, text) ?? []);
  const at = endOfImports(text);
  const end = text.trimEnd().length;
  const changes: Change[] = [
    ...(missing.length > 0 ? [{ start: at, end: at, text: missing.map((line) => line + newline).join('') }] : []),
    { start: end, end: text.length, text: `${newline}${newline}${test.join(newline)}${newline}` },
  ];
  return makeEdits(file, text, changes);
}

const IMPORT = /^(import\b.*|(?:const|let|var)\b[^\n=]*=\s*require\(.*)$/gm;

/** The line without the names that the file takes in already; undefined where none is left. */
function withoutKnown(line: string, text: string): string | undefined {
  const known = [...text.matchAll(IMPORT)].map((match) => match[0]).join('\n');
  const [list, names = ''] = /\{([^}]*)\}/.exec(line) ?? [];
  const isKnown = (name: string) =>
    new RegExp(
      `\\b${name
        .trim()
        .split(/\s+as\s+|:\s*/)
        .at(-1)}\\b`,
    ).test(known);
  if (list === undefined) {
    const whole = /^(?:import|const|let|var)\s+(?:\* as )?(\w+)/.exec(line)?.[1];
    return whole !== undefined && isKnown(whole) ? undefined : line;
  }
  const left = names.split(',').filter((name) => name.trim() !== '' && !isKnown(name));
  return left.length === 0 ? undefined : line.replace(list, `{ ${left.map((name) => name.trim()).join(', ')} }`);
}

function endOfImports(text: string): number {
  const last = [...text.matchAll(IMPORT)].at(-1);
  if (last === undefined) return 0;
  const newline = text.indexOf('\n', last.index + last[0].length);
  return newline < 0 ? text.length : newline + 1;
}
