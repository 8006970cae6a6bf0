/** The trailer that names what a commit was made for; the same key never makes a second commit. */
export const KEY_TRAILER = 'Selfheal-Key';

export interface MessageParts {
  readonly subject: string;
  readonly body: string;
  readonly trailers: Readonly<Record<string, string>>;
  readonly key: string;
}

/** A commit message in git's form: subject, body, trailers as its last paragraph. */
export function commitMessage({ subject, body, trailers, key }: MessageParts): string {
  const lines = Object.entries({ ...trailers, [KEY_TRAILER]: key }).map(([name, value]) => `${name}: ${oneLine(value)}`);
  const text = printable(body).trim();
  return `${oneLine(subject)}\n\n${text === '' ? '' : `${text}\n\n`}${lines.join('\n')}\n`;
}

/** The key in the trailers of a message. Only the last paragraph counts: a body may quote anything. */
export function keyOf(message: string): string | undefined {
  const last =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? '';
  const line = last.split('\n').find((candidate) => candidate.startsWith(`${KEY_TRAILER}: `));
  return line?.slice(KEY_TRAILER.length + 2).trim();
}

export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

/** Texts from telemetry reach messages: control, invisible and direction-changing characters are dropped. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
}
