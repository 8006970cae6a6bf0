import type { Json, LogReader } from 'selfheal/plugin';

/**
 * Lines of a till: `[T-7] 2026-03-02T10:00:00.120Z price.lookup <sku=AB-1,qty=2> ok 14ms`; a call that failed reads
 * `… FAULT 3ms TypeError: no price @ src/prices.js:4:24`.
 */
const LINE = /^\[(?<till>T-\d+)\] (?<stamp>\S+Z) (?<handler>[\w.]+) <(?<input>[^>]*)> (?<outcome>ok|FAULT) (?<ms>\d+)ms(?: (?<error>.+))?$/;
const ERROR = /^(?<type>\w+): (?<message>.*) @ (?<place>\S+:\d+:\d+)$/;

/** Gives the fields the names that selfheal knows (`handler`, `durationMs`, `outcome`, `input`, `error`); it does the rest. */
export const tillReader: LogReader = {
  name: 'till',
  read(line) {
    const { till, stamp, handler, input, outcome, ms, error } = LINE.exec(line)?.groups ?? {};
    if (stamp === undefined || handler === undefined) return undefined;
    return {
      text: `${handler} ${outcome === 'ok' ? 'completed' : 'failed'}`,
      stamp: Date.parse(stamp),
      level: outcome === 'ok' ? 'info' : 'error',
      fields: {
        till: till ?? null,
        handler,
        durationMs: Number(ms),
        outcome: outcome === 'ok' ? 'ok' : 'error',
        input: inputOf(input ?? ''),
        ...errorOf(error, handler),
      },
    };
  },
};

function inputOf(text: string): Json {
  const pairs = text.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return [key, /^-?\d+$/.test(value) ? Number(value) : value];
    }),
  );
}

/** As a stack, so that its frame is mapped to the repository like any other. */
function errorOf(text: string | undefined, handler: string): Record<string, Json> {
  const { type, message, place } = ERROR.exec(text ?? '')?.groups ?? {};
  if (type === undefined || message === undefined || place === undefined) return {};
  return { error: { type, message, stack: `${type}: ${message}\n    at ${handler.replace('.', '_')} (${place})` } };
}
