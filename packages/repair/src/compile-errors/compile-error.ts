import { ts } from 'ts-morph';

/** A message of the compiler about one place. */
export interface CompileError {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly code: number;
  readonly message: string;
  /** The same for the same message of the same file, wherever in it; edits move lines. */
  readonly key: string;
  /** Places that the compiler names beside it: the declaration that is not met. */
  readonly related: readonly { readonly file: string; readonly line: number; readonly start: number }[];
}

/** Declarations of packages, of Node or of a test runner that are not installed. */
const MISSING_PACKAGE = new Set([2580, 2582, 2584, 2591, 2592, 2593, 2688, 2868, 7016]);
/** `Cannot find module`; of a relative path the fault is in the code. */
const MISSING_MODULE = new Set([2307, 2792]);

export function toCompileError(file: string, diagnostic: ts.Diagnostic): CompileError {
  const start = diagnostic.start ?? 0;
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
  const line = (diagnostic.file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
  const related = (diagnostic.relatedInformation ?? []).flatMap(({ file: other, start: at }) =>
    other === undefined || at === undefined
      ? []
      : [{ file: other.fileName, line: other.getLineAndCharacterOfPosition(at).line + 1, start: at }],
  );
  const { code } = diagnostic;
  return { file, line, start, end: start + (diagnostic.length ?? 0), code, message, key: `${file}\0${code}\0${message}`, related };
}

/** What an installation mends, not an edit. */
export function isEnvironmental({ code, messageText }: ts.Diagnostic): boolean {
  if (MISSING_PACKAGE.has(code)) return true;
  return MISSING_MODULE.has(code) && !/'[./]/.test(ts.flattenDiagnosticMessageText(messageText, ' '));
}
