export interface ReadOptions {
  /** How the document is named in findings. */
  readonly file: string;
  /** Names of the registered handlers; where given, every handler named is checked. */
  readonly handlers?: ReadonlySet<string> | readonly string[];
  /** Ids of the sequences that a child beat may name; where given, they are checked. */
  readonly sequences?: readonly string[];
}

/** The known handlers as a set; undefined where handlers are not checked. */
export function knownHandlers(options: ReadOptions): ReadonlySet<string> | undefined {
  return options.handlers === undefined ? undefined : new Set(options.handlers);
}
