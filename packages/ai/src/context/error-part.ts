import type { ContextError } from '@selfheal/contracts';
import type { TextCleaner } from './text-cleaner.ts';

/** An error as it was caught, or as a failure of the engine tells it. */
export interface RawError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  /** The causes, the nearest first. */
  readonly causes?: readonly { readonly type: string; readonly message: string }[];
}

/** A line of a source file that an error names. */
export interface ErrorPlace {
  readonly file: string;
  readonly line: number;
}

const MAX_FRAMES = 50;
const MAX_MESSAGE = 8_000;
const MAX_CAUSES = 5;

/** The error with cleaned texts; paths below `root` become relative to it. */
export function errorPart(error: RawError, root: string, cleaner: TextCleaner): ContextError {
  const clean = (text: string, most: number) => cleaner.text(withoutRoot(text, root)).slice(0, most);
  return {
    type: clean(error.type, 200),
    message: clean(error.message, MAX_MESSAGE),
    ...(error.code === undefined ? {} : { code: clean(error.code, 200) }),
    stack: stackLines(error.stack ?? '').map((line) => clean(line, 500)),
    causes: (error.causes ?? [])
      .slice(0, MAX_CAUSES)
      .map(({ type, message }) => ({ type: clean(type, 200), message: clean(message, 1_000) })),
  };
}

/**
 * Places in files, in the order in which the error names them: the frames of the stack, then what its message names, as compilers and
 * linters do (`src/a.ts(3,5)`, `src/a.ts:3:5`).
 */
export function errorPlaces(error: RawError, root: string): ErrorPlace[] {
  const places = new Map<string, ErrorPlace>();
  for (const text of [...stackLines(error.stack ?? ''), ...error.message.slice(0, MAX_MESSAGE).split('\n')]) {
    for (const place of placesIn(withoutRoot(text, root))) places.set(`${place.file}:${place.line}`, place);
  }
  return [...places.values()];
}

const PLACE = /((?:[\w@.-]{1,100}\/){0,20}[\w@.-]{1,100}\.(?:[cm]?[jt]sx?|json))(?::(\d{1,7})|\((\d{1,7}),\d{1,7}\))/g;

function placesIn(text: string): ErrorPlace[] {
  return Array.from(text.matchAll(PLACE), (match) => ({
    file: (match[1] ?? '').replace(/^(?:\.\/)+/, ''),
    line: Number(match[2] ?? match[3]),
  }));
}

function stackLines(stack: string): string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, MAX_FRAMES);
}

function withoutRoot(text: string, root: string): string {
  return root === '' ? text : text.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '');
}
