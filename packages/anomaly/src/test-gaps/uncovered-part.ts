import type { CodeCoverage, CodeOperation, FileCoverage } from '@selfheal/contracts';

/** The part of a function that no test runs. */
export interface UncoveredPart {
  readonly lines: readonly number[];
  /** Executable lines of the function. */
  readonly executable: number;
  /** No test calls it at all. */
  readonly neverCalled: boolean;
  /** The tests do not even load its file, or the tool that measures leaves the file out. */
  readonly fileUnknown: boolean;
}

/** What the tests leave out of a function; undefined where it has no executable line. */
export function uncoveredPart(code: CodeOperation, coverage: CodeCoverage): UncoveredPart | undefined {
  const file = coverage.files.find(({ path }) => path === code.file);
  if (file === undefined) return wholeOf(code);
  const executable = Object.entries(file.lines)
    .map(([line, count]) => ({ line: Number(line), count }))
    .filter(({ line }) => line >= code.startLine && line <= code.endLine);
  if (executable.length === 0) return undefined;
  const neverCalled = measured(code, file)?.count === 0;
  const lines = executable.filter(({ count }) => count === 0).map(({ line }) => line);
  return { lines: lines.sort((a, b) => a - b), executable: executable.length, neverCalled, fileUnknown: false };
}

function wholeOf({ startLine, endLine }: CodeOperation): UncoveredPart {
  const lines = Array.from({ length: endLine - startLine + 1 }, (_, nth) => startLine + nth);
  return { lines, executable: lines.length, neverCalled: true, fileUnknown: true };
}

/** The tool's own entry of the function: by its first line, else by its name close by (decorators, exports over two lines). */
function measured({ startLine, name }: CodeOperation, { functions }: FileCoverage): FileCoverage['functions'][number] | undefined {
  const short = name.slice(name.lastIndexOf('.') + 1);
  const near = functions.filter((one) => Math.abs(one.startLine - startLine) <= 2);
  return near.find((one) => one.name === name || one.name === short) ?? near.find((one) => one.startLine === startLine);
}
