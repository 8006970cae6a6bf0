import { takeLevel } from './level.ts';
import { takePrefix } from './line-prefix.ts';
import type { LineReader } from './line-reader.ts';
import { parsePairs } from './logfmt.ts';

const LINE = /^(?:handler:\s*)?([A-Za-z_$][\w$.:/-]{0,120}?):?\s+duration:\s*([\d.]+)\s*(ms|s|us|µs)\b[,;]?\s*(.*)$/;
const TO_MS: Record<string, number> = { ms: 1, s: 1000, us: 0.001, µs: 0.001 };

/** `handler: chargeCard duration: 12ms`, with further `key=value` pairs or words behind it. */
export const handlerDurationReader: LineReader = {
  name: 'handler-duration',
  exclusive: true,
  read(line, { reference }) {
    if (!line.includes('duration:') || line.length > 4096 || line.startsWith('{')) return undefined;
    const prefix = takePrefix(line, reference);
    const level = takeLevel(prefix.text);
    const text = level?.rest ?? prefix.text;
    const match = LINE.exec(text);
    if (match === null) return undefined;
    const [, handler = '', number = '', unit = 'ms', rest = ''] = match;
    const extra = rest === '' ? undefined : parsePairs(rest);
    return {
      text,
      fields: { ...extra, handler, durationMs: Number(number) * (TO_MS[unit] ?? 1) },
      ...(prefix.stamp === undefined ? {} : { stamp: prefix.stamp }),
      ...(level === undefined ? {} : { level: level.level }),
    };
  },
};
