/** An error or a warning that a compiler or linter told of. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** As printed: mostly relative to the package. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * `src/a.ts(3,7): error TS2322: ...` (tsc without colours), `src/a.ts:3:7 - error TS2322: ...` (tsc with), `src/a.ts:3:7: error: ...`
 * (esbuild, gcc and their like).
 */
const SHAPES = [
  /^(?<file>[^\s(][^(]*?)\((?<line>\d+),(?<column>\d+)\): (?<severity>error|warning) (?<message>.+)$/,
  /^(?<file>[^\s:][^:]*?):(?<line>\d+):(?<column>\d+)(?: -|:) (?<severity>error|warning):? (?<message>.+)$/,
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const COLOURS = /\u001B\[[0-9;]*m/g;

export function readDiagnostics(log: string): Diagnostic[] {
  return log
    .replaceAll(COLOURS, '')
    .split('\n')
    .flatMap((text): Diagnostic[] => {
      for (const shape of SHAPES) {
        const { file, line, column, severity, message } = shape.exec(text)?.groups ?? {};
        if (file === undefined || message === undefined) continue;
        return [{ severity: severity === 'warning' ? 'warning' : 'error', file, line: Number(line), column: Number(column), message }];
      }
      return [];
    });
}

/** How many of each. */
export function qualityOf(log: string): { readonly errors: number; readonly warnings: number } {
  const found = readDiagnostics(log);
  const errors = found.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: found.length - errors };
}
