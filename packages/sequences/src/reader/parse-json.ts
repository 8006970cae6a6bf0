import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Findings } from './findings.ts';
import { JsonField } from './json-field.ts';

/** A sequence is written by people; beyond this a file is something else. */
export const MAX_CHARACTERS = 8_000_000;
export const MAX_DEPTH = 150;
const MAX_SYNTAX_ERRORS = 20;

/**
 * Parses JSON as people write it (comments, trailing commas: a warning each kind) with the place of every value;
 * undefined where the text cannot be read, with the reason in the findings.
 */
export function parseJson(findings: Findings): JsonField | undefined {
  const { text } = findings.source;
  if (text.length > MAX_CHARACTERS) {
    const message = `the document has ${text.length} characters; a sequence may have at most ${MAX_CHARACTERS}`;
    findings.add('error', 'JSON_TOO_LARGE', { offset: 0, path: '' }, message);
    return undefined;
  }
  if (!checkTokens(findings)) return undefined;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: false, allowTrailingComma: true, allowEmptyContent: true });
  for (const { error, offset } of errors.slice(0, MAX_SYNTAX_ERRORS)) {
    findings.add(
      'error',
      'JSON_SYNTAX',
      { offset: Math.min(offset, text.length), path: '' },
      SYNTAX_MESSAGES[printParseErrorCode(error)] ?? 'this is not JSON',
    );
  }
  if (!root && errors.length === 0)
    findings.add('error', 'JSON_SYNTAX', { offset: 0, path: '' }, 'the document is empty', { expected: 'a JSON object' });
  if (!root || errors.length > 0) return undefined;
  checkProperties(root, findings);
  return findings.hasErrors ? undefined : new JsonField(root);
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is neither a text in double quotes, a number, true, false nor null',
  InvalidNumberFormat: 'this is not a number',
  PropertyNameExpected: 'a property name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace "}" is expected here',
  CloseBracketExpected: 'a closing bracket "]" is expected here',
  EndOfFileExpected: 'the document should end here',
  UnexpectedEndOfComment: 'this comment does not end',
  UnexpectedEndOfString: 'this text does not end on its line',
  UnexpectedEndOfNumber: 'this number does not end',
  InvalidUnicode: 'this \\u escape is not valid',
  InvalidEscapeCharacter: 'this escape is not valid; a backslash is written as \\\\',
  InvalidCharacter: 'this character must be escaped',
};

/** The parser is recursive, so the depth is measured first, token by token. Also notes what is not strict JSON. */
function checkTokens(findings: Findings): boolean {
  const { text } = findings.source;
  const scanner = createScanner(text, false);
  let depth = 0;
  let comma: number | undefined;
  const noted = new Set<string>();
  const noteOnce = (what: string, offset: number): void => {
    if (!noted.has(what))
      findings.add('warning', 'JSON_LENIENT', { offset, path: '' }, `${what} is not JSON; other tools will refuse this file`);
    noted.add(what);
  };
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const first = text.charAt(offset);
    if (/\s/.test(first)) continue;
    if (first === '/') {
      noteOnce('a comment', offset);
      continue;
    }
    const closes = first === '}' || first === ']';
    if (closes && comma !== undefined) noteOnce('a trailing comma', comma);
    if (closes) depth -= 1;
    if (first === '{' || first === '[') depth += 1;
    if (depth > MAX_DEPTH) {
      findings.add('error', 'JSON_TOO_DEEP', { offset, path: '' }, `the document is nested more than ${MAX_DEPTH} levels deep here`);
      return false;
    }
    comma = first === ',' ? offset : undefined;
  }
  return true;
}

function checkProperties(root: Node, findings: Findings): void {
  const open: JsonField[] = [new JsonField(root)];
  for (let field = open.pop(); field; field = open.pop()) {
    const seen = new Set<string>();
    for (const property of field.isObject ? (field.node.children ?? []) : []) {
      const [key] = property.children ?? [];
      if (!key || typeof key.value !== 'string') continue;
      const place = { offset: key.offset, path: field.path };
      if (key.value === '__proto__') findings.add('error', 'PROPERTY_UNKNOWN', place, 'a property cannot be named "__proto__"');
      if (seen.has(key.value)) findings.add('warning', 'PROPERTY_TWICE', place, `"${key.value}" is there twice; the last one counts`);
      seen.add(key.value);
    }
    open.push(...field.properties().values(), ...field.items());
  }
}
