import { ts } from 'ts-morph';

export interface ParseFault {
  readonly start: number;
  readonly message: string;
}

/** Where the parser of a JavaScript or TypeScript file stumbles; empty where it does not. */
export function parseFaults(path: string, text: string): ParseFault[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === path ? file : undefined),
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: () => undefined,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => name === path,
    readFile: () => undefined,
  };
  const options = { target: ts.ScriptTarget.Latest, allowJs: true, noLib: true, noResolve: true, types: [], jsx: ts.JsxEmit.Preserve };
  const program = ts.createProgram({ rootNames: [path], options, host });
  return program
    .getSyntacticDiagnostics(file)
    .map(({ start, messageText }) => ({ start, message: ts.flattenDiagnosticMessageText(messageText, ' ') }));
}
