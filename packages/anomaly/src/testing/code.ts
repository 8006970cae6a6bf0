import type { CodeCoverage, CodeOperation } from '@selfheal/contracts';

/** A function of ten lines that serves the operation of its name. */
export function codeOperation(name: string, parts: Partial<CodeOperation> = {}): CodeOperation {
  const startLine = parts.startLine ?? 10;
  const file = parts.file ?? `src/${name}.ts`;
  return { operation: name, functionId: `${file}#${name}@${startLine}`, name, file, startLine, endLine: startLine + 9, ...parts };
}

/** Coverage of functions as given: `calls` by tests, `lines` that no test ran (all where it was never called). */
export function coverageOf(functions: readonly { code: CodeOperation; calls: number; uncovered?: readonly number[] }[]): CodeCoverage {
  return {
    commit: 'c0ffee',
    files: functions.map(({ code, calls, uncovered = [] }) => {
      const lines = Array.from({ length: code.endLine - code.startLine + 1 }, (_, nth) => code.startLine + nth);
      return {
        path: code.file,
        lines: Object.fromEntries(lines.map((line) => [line, uncovered.includes(line) ? 0 : calls])),
        functions: [{ name: code.name, startLine: code.startLine, endLine: code.endLine, count: calls }],
        branches: { covered: 0, total: 0 },
      };
    }),
  };
}
