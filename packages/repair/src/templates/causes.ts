import { posix } from 'node:path';
import type { Candidate, FixContext, Json, RootCause } from '@selfheal/contracts';
import type { Node, SourceFile } from 'ts-morph';
import { type Change, makeEdits } from '../patch/make-edits.ts';
import { asSentence } from './as-sentence.ts';
import { type CodeStyle, styleOf } from './code-style.ts';
import { openSource } from './source-files.ts';

/** A diagnosed cause with the syntax tree of its file. */
export interface Site {
  readonly context: FixContext;
  readonly cause: RootCause;
  /** What the analyser said of this cause; may be empty, so a template also looks at the code itself. */
  readonly data: Readonly<Record<string, Json>>;
  readonly path: string;
  readonly text: string;
  readonly source: SourceFile;
  readonly style: CodeStyle;
}

export interface Proposal {
  edits: Candidate['edits'];
  title: string;
  rationale: string;
  location: Candidate['location'];
  naturalness: number;
}

/** Categories of faults that end in an error. */
const ERRORS =
  /^(null-access|missing-await|unguarded-|out-of-bounds|invalid-date|renamed-field|wrong-|missing-case|not-a-function|unhandled-rejection|unknown)/;

/** The causes of these categories, the root cause first. An error of unknown cause counts for all templates that mend errors. */
export function sitesOf(context: FixContext, categories: readonly string[]): Site[] {
  const { rootCause, alternatives, type } = context.analysis;
  const mendsErrors = type === 'error' && categories.some((category) => ERRORS.test(category) && category !== 'wrong-timing');
  return [rootCause, ...alternatives].flatMap((cause) => {
    if (!categories.includes(cause.category) && !(mendsErrors && cause.category === 'unknown')) return [];
    return atSite(context, cause) ?? [];
  });
}

/** One cause with its tree; undefined where its file is no code of the snapshot. */
export function atSite(context: FixContext, cause: RootCause): Site | undefined {
  const source = openSource(context.sources.files, cause.location.file);
  if (!source) return undefined;
  const text = source.getFullText();
  return {
    context,
    cause,
    data: dataOf(context, cause),
    path: cause.location.file,
    text,
    source,
    style: styleOf(text, () => neighbours(context, cause.location.file)),
  };
}

const NEIGHBOURS = 40;

/** Texts of production files, those of the same folder first. */
function neighbours({ codebase, sources }: FixContext, path: string): string {
  const folder = posix.dirname(path);
  const others = codebase.files.filter((file) => !file.test && file.path !== path).map((file) => file.path);
  const near = others.sort((a, b) => Number(posix.dirname(b) === folder) - Number(posix.dirname(a) === folder));
  return near
    .slice(0, NEIGHBOURS)
    .map((file) => sources.files[file] ?? '')
    .join('\n');
}

/** Runs `propose` on every site of the categories and joins the results. */
export function atEachSite(categories: readonly string[], propose: (site: Site) => readonly (Proposal | undefined)[]) {
  return (context: FixContext): Proposal[] =>
    sitesOf(context, categories).flatMap((site) =>
      propose(site).flatMap((one) =>
        one === undefined || one.edits.length === 0 ? [] : [{ ...one, naturalness: one.naturalness * causeWeight(site) }],
      ),
    );
}

/** A cause that the diagnosis is less sure of, or cannot name, is as much less likely to be mended where it stands. */
function causeWeight({ context, cause }: Site): number {
  const { rootCause } = context.analysis;
  if (cause === rootCause) return 1;
  const sureness = rootCause.confidence > 0 ? Math.min(1, cause.confidence / rootCause.confidence) : 1;
  return sureness * (cause.category === 'unknown' ? 0.45 : 0.55);
}

/** What the diagnosis says of the cause, as a sentence; `otherwise` where it says nothing. */
export function because({ cause }: Site, otherwise: string): string {
  return asSentence(cause.explanation.trim() === '' ? otherwise : cause.explanation);
}

/** A proposal that makes these changes in the file of the site. `node` is the code at fault. */
export function proposal(
  site: Site,
  node: Node,
  changes: readonly Change[],
  about: { title: string; rationale: string; naturalness: number },
): Proposal {
  return {
    edits: makeEdits(site.path, site.text, changes),
    location: { ...site.cause.location, line: node.getStartLineNumber(), endLine: node.getEndLineNumber() },
    ...about,
    naturalness: Math.min(1, Math.max(0.01, about.naturalness)),
  };
}

/** The nodes of one kind that stand on the lines of the cause, those with the very expression that the diagnosis names first. */
export function nodesAt<T extends Node>(site: Site, accepts: (node: Node) => node is T): T[] {
  const { line, endLine = line } = site.cause.location;
  const wanted = [site.cause.expression, textValue(site.data.expression), textValue(site.data.call)].map(squeezed);
  const nodes = site.source.getDescendants().filter(accepts);
  const onLines = nodes.filter((node) => node.getStartLineNumber() <= Math.max(line, endLine) && node.getEndLineNumber() >= line);
  const named = onLines.filter((node) => wanted.includes(squeezed(node.getText())));
  if (named.length > 0) return named;
  const [innermost] = [onLines.filter((node) => node.getStartLineNumber() >= line), onLines].filter((list) => list.length > 0);
  return innermost ?? [];
}

export function textValue(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberValue(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function textList(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Text without spacing; shortened texts of the diagnosis (`...` at the end) never match by accident, as they match nothing. */
function squeezed(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, '');
}

/** What the analyser said of a cause; empty where it said nothing. */
export function dataOf(context: FixContext, cause: RootCause): Readonly<Record<string, Json>> {
  const { data, rootCause } = context.analysis;
  if (cause === rootCause) return data;
  const others = Array.isArray(data.alternatives) ? data.alternatives : [];
  const own = others.find(
    (other) =>
      isObject(other) && other.category === cause.category && other.file === cause.location.file && other.line === cause.location.line,
  );
  return isObject(own) ? own : {};
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
