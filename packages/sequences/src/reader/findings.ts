import type { Diagnostic, Severity } from '../interpreter/plan.ts';
import { nearestName } from '../nearest.ts';
import { positionAt, type SourceText } from './source-text.ts';

/** Every code a reader can report, with what it means. Codes are stable. */
export const DIAGNOSTIC_CODES = {
  JSON_SYNTAX: 'the text is not JSON',
  JSON_LENIENT: 'comments and trailing commas are read, but are not JSON',
  JSON_TOO_LARGE: 'the document is larger than a sequence can be',
  JSON_TOO_DEEP: 'the document is nested deeper than a sequence can be',
  ENCODING: 'the bytes are not text',
  FILE_UNREADABLE: 'the file cannot be read',
  NOT_A_SEQUENCE: 'JSON of another kind',
  PROPERTY_UNKNOWN: 'a property that is not known here',
  PROPERTY_MISSING: 'a property that must be there',
  PROPERTY_TWICE: 'a property that is there twice',
  VALUE_INVALID: 'a value of the wrong type or outside what is allowed',
  FORM_UNKNOWN: 'a beat, step or node of no known form',
  HANDLER_UNKNOWN: 'no such handler',
  SEQUENCE_UNKNOWN: 'no such sequence',
  SEQUENCE_CYCLE: 'sequences that call each other in a circle',
  OPERATOR_UNKNOWN: 'no such comparison',
  PATTERN_INVALID: 'not a regular expression, or one that may take forever',
  ID_TWICE: 'an id that is used twice',
  ID_RESERVED: 'an id that has a meaning of its own',
  PATH_INVALID: 'a path that cannot be read',
  PATH_UNKNOWN: 'a path that begins at nothing that is there by then',
  TARGET_UNKNOWN: 'a jump, edge or dependency to something that is not there',
  GRAPH_CYCLE: 'a dependency circle',
  JUMP_BACKWARD: 'a jump to an earlier step',
  BEAT_SKIPPED: 'a beat that cannot be run and is left out',
  NOT_SUPPORTED: 'something this version reads and does not act on',
  ASSUMED: 'something the document leaves open',
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

export interface FindingDetails {
  readonly expected?: string;
  readonly nearest?: string | undefined;
}

/** Collects what a reader finds, so that one pass reports many errors. */
export class Findings {
  readonly source: SourceText;
  readonly all: Diagnostic[] = [];
  /** A property that several beats share is read several times; what is wrong with it is said once. */
  readonly #said = new Set<string>();

  constructor(source: SourceText) {
    this.source = source;
  }

  add(
    severity: Severity,
    code: DiagnosticCode,
    place: { readonly offset: number; readonly path: string },
    message: string,
    details: FindingDetails = {},
  ): void {
    const { nearest, expected } = details;
    const known = `${code} ${place.offset} ${message}`;
    if (this.#said.has(known)) return;
    this.#said.add(known);
    this.all.push({
      severity,
      code,
      message: nearest === undefined ? shortened(message) : `${shortened(message)}; did you mean "${nearest}"?`,
      file: this.source.file,
      ...positionAt(this.source, place.offset),
      path: place.path,
      ...(expected !== undefined && { expected }),
      ...(nearest !== undefined && { nearest }),
    });
  }

  /** Reports a name that is none of the known ones, with the nearest of them. */
  unknownName(
    severity: Severity,
    code: DiagnosticCode,
    place: { readonly offset: number; readonly path: string },
    what: string,
    name: string,
    known: readonly string[],
  ): void {
    const expected = known.length === 0 || known.length > 20 ? {} : { expected: `one of ${known.join(', ')}` };
    this.add(severity, code, place, `${what} "${name}" is not known`, { ...expected, nearest: nearestName(name, known) });
  }

  get hasErrors(): boolean {
    return this.all.some(({ severity }) => severity === 'error');
  }
}

const MAX_MESSAGE = 600;

/** A document may hold a name of any length. */
function shortened(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
}

/** Errors first, then by place. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const rank = { error: 0, warning: 1, info: 2 } as const;
  return diagnostics.toSorted(
    (left, right) => rank[left.severity] - rank[right.severity] || left.line - right.line || left.column - right.column,
  );
}
