/**
 * Marks text from outside in a prompt. The marks cannot stand in the text itself, so that nothing in it can end its own fence; the
 * system prompt says that what is between them is data.
 */
export const FENCE_OPEN = '⟦';
export const FENCE_CLOSE = '⟧';

export function fence(text: string): string {
  const inner = text.replaceAll(FENCE_OPEN, '[').replaceAll(FENCE_CLOSE, ']');
  return inner.includes('\n') ? `${FENCE_OPEN}\n${inner}\n${FENCE_CLOSE}` : `${FENCE_OPEN}${inner}${FENCE_CLOSE}`;
}

/** A text of a template's variables: fenced wherever it is printed. Handlebars prints objects with `toHTML` by what that returns. */
export class Fenced {
  readonly raw: string;

  constructor(raw: string) {
    this.raw = raw;
  }

  toHTML(): string {
    return fence(this.raw);
  }
}

/** Absent and empty texts are no objects, so that `{{#if}}` sees that nothing is there. */
export function fenced(text: string | undefined): Fenced | '' {
  return text === undefined || text === '' ? '' : new Fenced(text);
}

export function plainText(value: unknown): string {
  if (value instanceof Fenced) return value.raw;
  if (value === undefined || value === null) return '';
  return typeof value === 'object'
    ? JSON.stringify(value, (_, inner: unknown) => (inner instanceof Fenced ? inner.raw : inner))
    : String(value);
}
