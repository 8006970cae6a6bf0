/** A function of a source file; lines count from 1, both ends included. Methods are `Class.method`. */
export interface CodeFunction {
  readonly name: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** The code base as the context sees it. */
export interface CodeSource {
  /** Source text by path, relative to the repository. */
  readonly files: Readonly<Record<string, string>>;
  /** The functions of one file by its syntax; none where it does not parse. Asked only for files around the failure. */
  functions(file: string): Promise<readonly CodeFunction[]>;
}
