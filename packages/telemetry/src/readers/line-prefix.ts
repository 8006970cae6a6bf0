import { stampAt } from './stamp.ts';

export interface Prefixed {
  text: string;
  /** `EventBus.ts:56`, where a browser console put it in front. */
  codePlace?: string;
  stamp?: number;
}

const CODE_PLACE = /^([\w@./-]{1,200}\.(?:[cm]?[jt]sx?|vue|svelte):\d+(?::\d+)?)\s+/;
const SYMBOLS = /^(?:(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}|\u{20E3}|[✓✗✘→•▶√])\s*)+/u;

/** Takes the optional prefix off a line: place in the code, stamp, emoji. A stamp may stand before or after the place. */
export function takePrefix(line: string, reference: number): Prefixed {
  let rest = line.trimStart();
  const result: Prefixed = { text: rest };
  for (let round = 0; round < 2; round += 1) {
    const place = result.codePlace === undefined ? CODE_PLACE.exec(rest) : null;
    if (place?.[1] !== undefined) {
      result.codePlace = place[1];
      rest = rest.slice(place[0].length);
    }
    const stamp = result.stamp === undefined ? stampAt(rest, reference) : undefined;
    if (stamp !== undefined) {
      result.stamp = stamp.stamp;
      rest = rest.slice(stamp.length).replace(/^\s*[|,:-]?\s+/, '');
    }
  }
  result.text = takeSymbols(rest);
  return result;
}

/** Takes emoji and tick marks off the start of a text. */
export function takeSymbols(text: string): string {
  return text.charCodeAt(0) < 128 ? text : text.replace(SYMBOLS, '').trimStart();
}
