import type { FixContext, RootCause } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { type Change, makeEdits } from '../patch/make-edits.ts';
import { dataOf, type Proposal, textList, textValue } from './causes.ts';
import { asOneChange } from './rewrite-span.ts';

/** Puts the beats or steps of a declared sequence document into the expected order and numbers them anew. */
export function reorderDocument(context: FixContext, categories: readonly string[]): Proposal[] {
  const { rootCause, alternatives } = context.analysis;
  return [rootCause, ...alternatives].flatMap((cause) => {
    const text = context.sources.files[cause.location.file];
    if (!categories.includes(cause.category) || !cause.location.file.endsWith('.json') || text === undefined) return [];
    const data = dataOf(context, cause);
    return reorder(cause, text, textList(data.declared), textValue(data.flow) ?? 'the flow');
  });
}

function reorder(cause: RootCause, text: string, wanted: readonly string[], flow: string): Proposal[] {
  const { file } = cause.location;
  const beats = beatsOf(file, text);
  const rank = (beat: Beat) => wanted.findIndex((name) => beat.names.includes(name));
  const slots = beats.filter((beat) => rank(beat) >= 0);
  const sorted = slots.toSorted((a, b) => rank(a) - rank(b));
  const changes = slots.flatMap((slot, index): Change[] => {
    const beat = sorted[index];
    return beat ? [{ start: slot.start, end: slot.end, text: numbered(beat.text, slot.number) }] : [];
  });
  if (slots.every((slot, index) => slot === sorted[index])) return [];
  return [
    {
      edits: makeEdits(file, text, asOneChange(text, changes)),
      title: `Declare the steps of ${flow} in the order ${wanted.join(', ')}`,
      rationale: `${file} declares the steps in another order than the one that is expected; beats keep their numbers by position.`,
      location: cause.location,
      naturalness: 0.9,
    },
  ];
}

interface Beat {
  readonly names: readonly string[];
  readonly number: string | undefined;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Objects with a handler, event or id that are entries of lists, in document order. */
function beatsOf(file: string, text: string): Beat[] {
  // As an expression, for the parser gives the nodes of plain JSON no parents.
  const source = ts.createSourceFile(`${file}.js`, `(${text})`, ts.ScriptTarget.JSON, true, ts.ScriptKind.JS);
  const beats: Beat[] = [];
  const visit = (node: ts.Node): void => {
    const beat = ts.isObjectLiteralExpression(node) && ts.isArrayLiteralExpression(node.parent) ? beatAt(node) : undefined;
    if (beat) beats.push(beat);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return beats;
}

function beatAt(node: ts.ObjectLiteralExpression): Beat | undefined {
  const members = new Map(
    node.properties.flatMap((one) =>
      ts.isPropertyAssignment(one) && ts.isStringLiteral(one.name) ? [[one.name.text, one.initializer] as const] : [],
    ),
  );
  const names = ['handler', 'event', 'id', 'name'].flatMap((key) => {
    const value = members.get(key);
    return value && ts.isStringLiteral(value) ? [value.text] : [];
  });
  if (names.length === 0 || members.has('beats') || members.has('movements')) return undefined;
  return { names, number: members.get('beat')?.getText(), text: node.getText(), start: node.getStart() - 1, end: node.getEnd() - 1 };
}

function numbered(text: string, number: string | undefined): string {
  return number === undefined ? text : text.replace(/("beat"\s*:\s*)[^,}\s]+/, (_, key: string) => key + number);
}
