import type { Candidate, Edit, SourceSnapshot } from '@selfheal/contracts';
import { Node, SyntaxKind } from 'ts-morph';
import type { Files } from '../patch/apply-edits.ts';
import { makeEdits } from '../patch/make-edits.ts';
import { openSource } from '../templates/source-files.ts';
import { type FunctionNode, functionsOf } from '../templates/syntax-tree.ts';

/**
 * Where a fix makes a documented function give a value that its doc comment does not speak of, a sentence is added. `after` holds the
 * files with the fix in place; the edits are for them.
 */
export function docCommentEdits(candidate: Candidate, after: SourceSnapshot['files'], before: Files): Edit[] {
  const { file } = candidate.location;
  const source = openSource(after, file);
  const value = newExit(candidate, before[file] ?? '', after[file] ?? '');
  if (!source || value === undefined) return [];
  const text = source.getFullText();
  const changedLine = firstChangedLine(before[file] ?? '', text);
  const around = functionsOf(source).filter((fn) => fn.getStartLineNumber() <= changedLine && fn.getEndLineNumber() >= changedLine);
  const innermost = around.sort((a, b) => a.getWidth() - b.getWidth())[0];
  const comment = innermost && docCommentOf(innermost);
  if (!comment || new RegExp(`\\b${value === '[]' ? 'empty' : value}\\b`, 'i').test(comment.text)) return [];
  return makeEdits(file, text, [{ start: comment.end, end: comment.end, text: sentence(comment, value) }]);
}

/** An empty value that is returned, or taken where the returned chain is cut short. */
const GIVES = /\breturn (?:[^;\n]* \?\? )?(null|undefined|\[\]|false|0)(?=;|\s|$)/g;

/** The empty value that the fix newly returns. */
function newExit(candidate: Candidate, before: string, after: string): string | undefined {
  const values = (text: string) => [...text.matchAll(GIVES)].map((match) => match[1] ?? '');
  if (values(after).length <= values(before).length) return undefined;
  return candidate.edits.flatMap((edit) => values(edit.replace))[0];
}

interface Comment {
  readonly text: string;
  /** Where a sentence is put: behind the last character of the description. */
  readonly end: number;
  readonly prefix: string;
}

function docCommentOf(fn: FunctionNode): Comment | undefined {
  const holder = Node.isArrowFunction(fn) || Node.isFunctionExpression(fn) ? fn.getFirstAncestorByKind(SyntaxKind.VariableStatement) : fn;
  const range = holder?.getLeadingCommentRanges().findLast((one) => one.getText().startsWith('/**'));
  if (!range) return undefined;
  const text = range.getText();
  const description = text.split(/\n\s*\*\s*@|\s@\w+/, 1)[0] ?? text;
  const end = description.replace(/\s*\*\/\s*$/, '').trimEnd().length;
  return end <= 3 ? undefined : { text, end: range.getPos() + end, prefix: /[.!?]$/.test(description.slice(0, end)) ? ' ' : '. ' };
}

function sentence({ prefix }: Comment, value: string): string {
  const named: Record<string, string> = { '[]': 'Empty', null: 'Null', undefined: 'Undefined', false: 'False', 0: 'Zero' };
  return `${prefix}${named[value] ?? value} where the data it needs is missing.`;
}

function firstChangedLine(before: string, after: string): number {
  const old = before.split('\n');
  const at = after.split('\n').findIndex((line, index) => line !== old[index]);
  return at < 0 ? 1 : at + 1;
}
