/** What a log line says, without what varies: two lines of one statement have one event. */
export interface LogEvent {
  readonly key: string;
  readonly level?: string;
  /** Statement in the code, where the line carries one (`c.s.ContactsService#34`, `cart.go:120`). */
  readonly region?: string;
}

/**
 * The event of a line. A code location in the line's head names the statement, so the text is not needed; else the text with its variables masked.
 * The text may be wrapped in JSON as container runtimes (`log`) and structured loggers (`message`, `severity`) write it.
 */
export function logEvent(line: string, givenLevel?: string): LogEvent {
  const { text, level: wrapped } = unwrap(line);
  const head = text.slice(0, 160);
  const level = (givenLevel ?? wrapped ?? LEVEL.exec(head)?.[1])?.toLowerCase();
  const region = LOCATION.exec(head)?.[1];
  const key = region === undefined ? `${level ?? ''} ${masked(text)}`.trim() : `${level ?? ''} ${region}`.trim();
  return { key, ...(level === undefined ? {} : { level }), ...(region === undefined ? {} : { region }) };
}

export function isErrorLevel(level: string | undefined): boolean {
  return level !== undefined && /^(?:error|err|fatal|critical|severe|panic)$/.test(level);
}

/** The message inside the wrappings of container runtimes and structured loggers, three deep at most. */
export function unwrap(line: string): { text: string; level?: string } {
  let text = line.trim();
  let level: string | undefined;
  for (let depth = 0; depth < 3 && text.startsWith('{'); depth += 1) {
    const fields = parsed(text);
    if (fields === undefined) break;
    const found = ['severity', 'level', 'levelname'].map((name) => fields[name]).find((value) => typeof value === 'string');
    if (typeof found === 'string') level = found;
    const inner = ['log', 'message', 'msg', 'body'].map((name) => fields[name]).find((value) => typeof value === 'string');
    if (typeof inner !== 'string') break;
    text = inner.trim();
  }
  return level === undefined ? { text } : { text, level };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Constant words of a text: values in quotes and braces, in brackets unless those hold plain words, after `=` or `:`, and words with digits are variable. At most 16 words. */
function masked(text: string): string {
  return text
    .slice(0, 600)
    .replace(/\b(?:trace|span)[ _-]?id\b\s*[:=]\s*[0-9a-f]*/gi, ' ')
    .replace(/"[^"]*"|'[^']*'|\{[^}]*\}?|\([^)]*\)?|\[[^\]]*\]?/g, (part) => (PLAIN_WORDS.test(part) ? ` ${part.slice(1, -1)} ` : ' * '))
    .replace(/([\w.-]+)\s*[=:]\s*\S+/g, '$1=*')
    .replace(/\S*\d\S*/g, '*')
    .replace(/(?:[*,;]\s*)+/g, '* ')
    .trim()
    .split(/\s+/)
    .slice(0, 16)
    .join(' ');
}

const PLAIN_WORDS = /^\[[A-Za-z ]{1,60}[!.]?\]$/;
const LEVEL = /\b(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE|PANIC)\b/i;
/** `logger.Class#31`, `file.ext:31`. */
const LOCATION = /(?:^|[\s[(])((?:[\w$.[\]/-]*[A-Za-z\]][\w$]*#\d+)|(?:[\w./-]+\.(?:go|js|ts|py|java|kt|cs|rb|php|rs|cc|cpp|c):\d+))\b/;
