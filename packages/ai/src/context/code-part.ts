import type { CodePart, CodeScope } from '@selfheal/contracts';
import { calleesOf, callersOf, type FoundFunction, functionAt } from './call-graph.ts';
import type { CodeSource } from './code-source.ts';
import type { ErrorPlace } from './error-part.ts';
import type { TextCleaner } from './text-cleaner.ts';

export interface CodeRequest {
  readonly scope: CodeScope;
  readonly places: readonly ErrorPlace[];
  /** Name of the function that failed. */
  readonly handler?: string;
  /** The document of the failed sequence. */
  readonly document?: { readonly file: string; readonly text: string; readonly line: number };
  /** A test that shows the failure. */
  readonly test?: { readonly file: string; readonly text: string };
}

const MAX_FRAMES = 8;
const MAX_LINES = 120;
const AROUND = 15;

/** The code around a failure, the most relevant first: frames, then the handler and the document, then what calls them or is called. */
export async function codePart(source: CodeSource, request: CodeRequest, cleaner: TextCleaner): Promise<CodePart[]> {
  if (request.scope === 'none') return [];
  const parts = new PartList(source, cleaner);
  const focus: FoundFunction[] = [];
  for (const [index, place] of placesInCode(source, request.places).slice(0, MAX_FRAMES).entries()) {
    const found = await functionAt(source, place.file, place.line);
    if (found) focus.push(found);
    parts.add(place.file, found, place.line, 'frame', Math.max(0.6, 1 - index * 0.05));
  }
  for (const found of await handlerFunctions(source, request.handler)) {
    focus.push(found);
    parts.add(found.file, found, found.startLine, 'activity', 0.9);
  }
  if (request.test) parts.addText({ ...request.test, line: 1 }, 'test', 0.95);
  if (request.scope !== 'activity' && request.document) parts.addText(request.document, 'workflow', 0.7);
  if (request.scope === 'codebase') {
    for (const [index, found] of focus.slice(0, 3).entries()) {
      for (const callee of await calleesOf(source, found)) parts.add(callee.file, callee, callee.startLine, 'callee', 0.5 - index * 0.1);
      for (const caller of await callersOf(source, found)) parts.add(caller.file, caller, caller.startLine, 'caller', 0.4 - index * 0.1);
    }
  }
  return parts.sorted();
}

/** The places that are in the code. What ran may have been a copy of it elsewhere, so the tail of a path is enough where it names a folder. */
function placesInCode({ files }: CodeSource, places: readonly ErrorPlace[]): ErrorPlace[] {
  return places.flatMap(({ file, line }) => {
    const parts = file.split('/');
    const tails = parts.map((_, from) => parts.slice(from).join('/')).filter((tail, from) => from === 0 || tail.includes('/'));
    const known = tails.find((tail) => Object.hasOwn(files, tail));
    return known === undefined ? [] : [{ file: known, line }];
  });
}

/** Files that define a function of the handler's name; one named like it first. */
async function handlerFunctions(source: CodeSource, handler: string | undefined): Promise<FoundFunction[]> {
  const name = handler?.split(/[.#/]/).at(-1) ?? '';
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return [];
  const defines = new RegExp(
    `(?:function\\s*\\*?\\s*|(?:const|let|var|class)\\s+|\\b)${name.replaceAll('$', '\\$')}\\s*(?:[=(:<]|extends)`,
  );
  const files = Object.keys(source.files).filter((file) => /\.[cm]?[jt]sx?$/.test(file) && defines.test(source.files[file] ?? ''));
  const found: FoundFunction[] = [];
  for (const file of files.toSorted((a, b) => Number(isTest(a)) - Number(isTest(b))).slice(0, 5)) {
    found.push(...(await source.functions(file)).filter((own) => own.name === name).map((own) => ({ ...own, file })));
    if (found.length > 0) break;
  }
  return found.slice(0, 1);
}

const isTest = (file: string) => /(?:^|\/)(?:__tests__|tests?)\/|\.(?:test|spec)\./.test(file);

class PartList {
  readonly #source: CodeSource;
  readonly #cleaner: TextCleaner;
  readonly #parts: CodePart[] = [];

  constructor(source: CodeSource, cleaner: TextCleaner) {
    this.#source = source;
    this.#cleaner = cleaner;
  }

  add(file: string, found: FoundFunction | undefined, line: number, why: CodePart['why'], relevance: number): void {
    const lines = (this.#source.files[file] ?? '').split('\n');
    const whole = found ?? { startLine: line - AROUND, endLine: line + AROUND };
    const tooLong = whole.endLine - whole.startLine >= MAX_LINES;
    const start = Math.max(1, tooLong ? Math.max(whole.startLine, line - MAX_LINES / 2) : whole.startLine);
    const end = Math.min(lines.length, whole.endLine, start + MAX_LINES - 1);
    this.#push({
      file,
      startLine: start,
      endLine: end,
      ...(found && { function: found.name }),
      text: lines.slice(start - 1, end).join('\n'),
      why,
      relevance,
    });
  }

  addText({ file, text, line }: { file: string; text: string; line: number }, why: CodePart['why'], relevance: number): void {
    const lines = text.split('\n');
    const start = lines.length <= MAX_LINES ? 1 : Math.max(1, line - MAX_LINES / 2);
    const end = Math.min(lines.length, start + MAX_LINES - 1);
    this.#push({ file, startLine: start, endLine: end, text: lines.slice(start - 1, end).join('\n'), why, relevance });
  }

  sorted(): CodePart[] {
    return this.#parts.toSorted((a, b) => b.relevance - a.relevance);
  }

  /** Lines that are shown already are not shown again. */
  #push(part: CodePart): void {
    const shown = this.#parts.some(
      ({ file, startLine, endLine }) => file === part.file && startLine <= part.startLine && part.endLine <= endLine,
    );
    if (!shown && part.text.trim() !== '') this.#parts.push({ ...part, text: this.#cleaner.text(part.text) });
  }
}
