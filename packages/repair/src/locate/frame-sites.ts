import type { StackFrame } from '@selfheal/contracts';
import type { CodeFile, CodeFunction } from '../codebase/code-index.ts';
import { shortName } from '../codebase/code-index.ts';
import type { CodeView } from './code-view.ts';

/** A stack frame placed in the sources. */
export interface FrameSite {
  readonly frame: StackFrame;
  /** Position among the frames of the application, 0 is the innermost. */
  readonly depth: number;
  readonly file: CodeFile;
  readonly line: number;
  readonly column: number | undefined;
  readonly function: CodeFunction | undefined;
  /** 0..1: how well frame and source agree. Below 1 the deployed code differs from this commit, or the frame is not genuine. */
  readonly trust: number;
}

/** Frames that say nothing of the place named by their function. */
const NAMELESS = /^(?:<anonymous>|anonymous|eval|default|handler|Object|Module|Function|processTicksAndRejections)?$/;

/**
 * Places frames in the production sources of the repository, innermost first. Frames of other files (packages, tests,
 * configuration, documents, paths outside) are left out: a log can be forged.
 */
export function placeFrames(view: CodeView, frames: readonly StackFrame[]): FrameSite[] {
  const sites: FrameSite[] = [];
  for (const frame of frames) {
    const file = frame.inApp ? view.file(frame.file) : undefined;
    const site = file === undefined ? placeOutputFrame(view, frame, sites.length) : placeFrame(view, file, frame, sites.length);
    if (site !== undefined) sites.push(site);
  }
  return sites;
}

function placeFrame(view: CodeView, file: CodeFile, frame: StackFrame, depth: number): FrameSite | undefined {
  const lines = file.source.getLineStarts().length;
  const inFile = frame.line >= 1 && frame.line <= lines;
  const around = inFile ? functionAt(view, file, frame.line) : undefined;
  const name = frameFunctionName(frame);
  const site = { frame, depth, file, line: frame.line, column: frame.column };
  if (name === undefined) return inFile ? { ...site, function: around, trust: around === undefined ? 0.6 : 0.85 } : undefined;
  if (around !== undefined && isNamed(around, name)) return { ...site, function: around, trust: 1 };
  const outer = enclosing(view, file, frame.line).find((one) => isNamed(one, name));
  if (outer !== undefined && inFile) return { ...site, function: outer, trust: 0.95 };
  const elsewhere = nearest(
    functionsOf(view, file).filter((one) => isNamed(one, name)),
    frame.line,
  );
  if (elsewhere !== undefined) return { ...site, line: clamp(frame.line, elsewhere), column: undefined, function: elsewhere, trust: 0.6 };
  return inFile ? { ...site, function: around, trust: 0.4 } : undefined;
}

const OUTPUT_FOLDER = /(?:^|\/)(?:dist|build|out|output|lib)\/(.+?)\.[cm]?js$/;

/**
 * A frame of build output that no source map explained: placed by its function alone, in the one source file whose path ends as the
 * output's does.
 */
function placeOutputFrame(view: CodeView, frame: StackFrame, depth: number): FrameSite | undefined {
  const stem = OUTPUT_FOLDER.exec(frame.file)?.[1];
  const name = frameFunctionName(frame);
  if (stem === undefined || name === undefined || frame.file.includes('node_modules/')) return undefined;
  const sources = [...view.index.files.values()].filter((file) => view.file(file.path) !== undefined && isStemOf(file.path, stem));
  const [file] = sources;
  const one = file && sources.length === 1 ? functionsOf(view, file).find((candidate) => isNamed(candidate, name)) : undefined;
  return file === undefined || one === undefined
    ? undefined
    : { frame, depth, file, line: one.startLine, column: undefined, function: one, trust: 0.55 };
}

function isStemOf(path: string, stem: string): boolean {
  const source = path.replace(/\.[cm]?[jt]sx?$/, '');
  return source === stem || source.endsWith(`/${stem}`) || source === stem.replace(/^src\//, '');
}

/** `OrderService.find` of `async OrderService.find [as handler]`; undefined where the frame names no function. */
export function frameFunctionName(frame: StackFrame): string | undefined {
  const name = frame.function
    ?.replace(/^(?:async|new|get|set) /, '')
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/^(?:Object|Module|exports|module\.exports|Function|Proxy)\./, '')
    .replace(/\.?<anonymous>$/, '');
  return name === undefined || NAMELESS.test(name) ? undefined : name;
}

function isNamed(one: CodeFunction, name: string): boolean {
  return (
    one.name === name ||
    shortName(one.name) === shortName(name) ||
    (one.name.endsWith('.constructor') && one.name === `${name}.constructor`)
  );
}

function functionsOf(view: CodeView, file: CodeFile): CodeFunction[] {
  return view.index.functions.filter((one) => one.file === file);
}

/** The innermost named function that contains a line. */
export function functionAt(view: CodeView, file: CodeFile, line: number): CodeFunction | undefined {
  return enclosing(view, file, line)[0];
}

function enclosing(view: CodeView, file: CodeFile, line: number): CodeFunction[] {
  return functionsOf(view, file)
    .filter((one) => one.startLine <= line && line <= one.endLine)
    .sort((a, b) => a.endLine - a.startLine - (b.endLine - b.startLine));
}

function nearest(functions: readonly CodeFunction[], line: number): CodeFunction | undefined {
  const distance = (one: CodeFunction) => Math.max(one.startLine - line, line - one.endLine, 0);
  return [...functions].sort((a, b) => distance(a) - distance(b))[0];
}

function clamp(line: number, one: CodeFunction): number {
  return Math.min(Math.max(line, one.startLine), one.endLine);
}
