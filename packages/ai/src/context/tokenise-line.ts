import type { SlotType } from '@selfheal/contracts';

/** A stretch of a log line: a typed value, a quoted text, a word, or what stands between them. */
export type LineToken =
  | { readonly kind: 'value'; readonly type: SlotType; readonly text: string }
  | { readonly kind: 'quoted' | 'word' | 'space' | 'mark'; readonly text: string };

/** Closed types first, the more special before the more general. Each alternative is bounded, so that the time is linear in the line. */
const VALUES: readonly (readonly [SlotType, string])[] = [
  ['secret', '<redacted:[a-z-]{1,40}:[0-9a-f]{8}>'],
  ['uuid', '\\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\\b'],
  ['time', '\\b\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?'],
  ['url', '\\b[a-z][a-z0-9+.-]{1,15}://[^\\s"\'<>]{1,400}'],
  ['email', '\\b[\\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,5}\\b'],
  ['ip', '\\b\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?\\b'],
  ['duration', '(?<![\\w.])\\d{1,12}(?:\\.\\d{1,6})?(?:ns|us|µs|ms|s|m|h)\\b'],
  ['hex', '\\b(?:0x[0-9a-fA-F]{1,64}|(?=[0-9a-f]{0,63}\\d)[0-9a-f]{8,64})\\b'],
  ['number', '(?<![\\w.])[-+]?\\d{1,20}(?:\\.\\d{1,20})?(?![\\w])%?'],
  ['path', '(?<![\\w])(?:\\.{0,2}/)?(?:[\\w@.-]{1,80}/){1,12}[\\w@.-]{1,80}(?::\\d{1,7}){0,2}'],
  ['identifier', '\\b(?=[A-Za-z_-]{0,40}\\d)[A-Za-z0-9_-]{2,64}\\b'],
];

const TOKEN = new RegExp(
  [
    ...VALUES.map(([type, source]) => `(?<${type}>${source})`),
    '(?<quoted>"(?:[^"\\\\]|\\\\.){0,2000}"|\'(?:[^\'\\\\]|\\\\.){0,2000}\'(?!\\w))',
    "(?<word>[\\p{L}\\p{M}_$][\\p{L}\\p{M}\\p{N}_$'-]{0,80})",
    '(?<space>[ \\t]+)',
    '(?<mark>.)',
  ].join('|'),
  'gsu',
);

const TYPES: ReadonlySet<string> = new Set(VALUES.map(([type]) => type));
const isSlotType = (name: string): name is SlotType => TYPES.has(name);

export function tokeniseLine(line: string): LineToken[] {
  return Array.from(line.matchAll(TOKEN), (match) => tokenOf(match.groups ?? {}, match[0]));
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, text: string): LineToken {
  const name = Object.keys(groups).find((group) => groups[group] !== undefined) ?? 'mark';
  if (isSlotType(name)) return { kind: 'value', type: name, text };
  return { kind: name === 'quoted' || name === 'word' || name === 'space' ? name : 'mark', text };
}
