import type { CodeCoverage, CoverageDetails } from '@selfheal/contracts';

/** The lines that no test covered when the gap was found, and how many of them the merged suite covers. */
export interface CoveredLines {
  readonly covered: number;
  readonly total: number;
}

/**
 * Counts the named lines that the tests of a commit run. Where the file changed since the gap was found (`sameFile` false), its lines
 * moved: then those of the function of that name count.
 */
export function coveredLines(coverage: CodeCoverage, details: CoverageDetails, sameFile: boolean): CoveredLines {
  const { file, name } = details.function;
  const found = coverage.files.find(({ path }) => path === file);
  if (found === undefined) return { covered: 0, total: details.uncoveredLines.length };
  const executable = new Map(Object.entries(found.lines).map(([line, count]) => [Number(line), count]));
  const range = found.functions.find((known) => known.name === name || name.endsWith(`.${known.name}`));
  const lines =
    sameFile || range === undefined
      ? details.uncoveredLines.filter((line) => executable.has(line))
      : [...executable.keys()].filter((line) => line >= range.startLine && line <= range.endLine);
  return { covered: lines.filter((line) => (executable.get(line) ?? 0) > 0).length, total: lines.length };
}
