import type { z } from 'zod';

const MAX_ANSWER = 400_000;
const SHOWN = 5;
/** Places where an object is looked for: each look may go to the end of the text. */
const MAX_STARTS = 40;

/** The one JSON object in a model's answer, checked, or what is wrong. It may stand in prose or in a code fence, but alone. */
export function readObject<T>(text: string, schema: z.ZodType<T>): { readonly value: T } | { readonly problem: string } {
  if (text.length > MAX_ANSWER) return { problem: `the answer has more than ${MAX_ANSWER} characters` };
  const objects = jsonObjects(text);
  if (objects.length === 0) return { problem: 'the answer holds no JSON object' };
  if (objects.length > 1) return { problem: `the answer holds ${objects.length} JSON objects, not one` };
  const read = schema.safeParse(objects[0]);
  if (read.success) return { value: read.data };
  const issues = read.error.issues.slice(0, SHOWN);
  return { problem: issues.map(({ path, message }) => `${path.length === 0 ? 'the object' : path.join('.')}: ${message}`).join('; ') };
}

/** The whole text where it is JSON, else every outermost object that stands in it. */
function jsonObjects(text: string): unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return [whole.value];
  const found: unknown[] = [];
  for (let at = text.indexOf('{'), starts = 0; at >= 0 && starts < MAX_STARTS; starts += 1) {
    const end = objectEnd(text, at);
    const object = end === undefined ? undefined : parsed(text.slice(at, end));
    if (object !== undefined) found.push(object.value);
    at = text.indexOf('{', object === undefined ? at + 1 : (end ?? at + 1));
    if (found.length > 1) break;
  }
  return found;
}

/** Where the braces that open at `from` are closed; those in strings do not count. */
function objectEnd(text: string, from: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
