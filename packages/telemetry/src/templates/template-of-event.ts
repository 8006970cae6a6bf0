import { WILDCARD } from './shape.ts';

const MAX_LENGTH = 500;

/** The text with its variables, taken in order, as `<*>`: the template where only an event is at hand. */
export function templateOfEvent(text: string, variables: readonly string[]): string {
  let result = '';
  let at = 0;
  for (const variable of variables) {
    const found = variable === '' ? -1 : text.indexOf(variable, at);
    if (found < 0) continue;
    result += text.slice(at, found) + WILDCARD;
    at = found + variable.length;
  }
  return (result + text.slice(at)).replace(/\s+/g, ' ').slice(0, MAX_LENGTH);
}
