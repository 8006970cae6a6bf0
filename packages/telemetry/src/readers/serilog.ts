import type { LineReader } from './line-reader.ts';
import { stampAt } from './stamp.ts';

const AFTER_STAMP = /^\s*\[(VRB|DBG|INF|WRN|ERR|FTL|Verbose|Debug|Information|Warning|Error|Fatal)\]\s+(?:([\w.+`<>-]{1,200}):\s)?(.*)$/i;
const SHORT = /^\[(\d{2}:\d{2}:\d{2}(?:\.\d+)?) (VRB|DBG|INF|WRN|ERR|FTL)\]\s+(?:([\w.+`<>-]{1,200}):\s)?(.*)$/;

/** Serilog: `[YYYY-MM-DD HH:mm:ss.fff zzz] [LEVEL] SourceContext: text`, and its console default `[HH:mm:ss INF] text`. */
export const serilogReader: LineReader = {
  name: 'serilog',
  exclusive: true,
  read(line, { reference }) {
    if (!/^\[\d/.test(line)) return undefined;
    const stamp = stampAt(line, reference);
    const match = stamp === undefined ? SHORT.exec(line)?.slice(1) : AFTER_STAMP.exec(line.slice(stamp.length));
    if (match === null || match === undefined) return undefined;
    const [level, context, text] = match.slice(1);
    const time = stamp ?? stampAt(match[0] ?? '', reference);
    if (time === undefined || level === undefined || text === undefined) return undefined;
    return { text, stamp: time.stamp, level: level.toLowerCase(), fields: context === undefined ? {} : { logger: context } };
  },
};
