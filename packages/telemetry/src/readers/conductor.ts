import type { Json } from '@selfheal/contracts';
import { takeLevel } from './level.ts';
import { takePrefix, takeSymbols } from './line-prefix.ts';
import type { LineReader } from './line-reader.ts';

type Fields = Record<string, Json>;
type Rule = readonly [pattern: RegExp, fields: (match: RegExpExecArray) => Fields];

const MS = '([\\d.]+) ?ms';
const NAME = '"([^"]{1,200})"';

/**
 * The older wording. `performanceTracker` lines repeat what `BeatExecutor` lines say; `tracker` marks them so that a beat is
 * counted once. Words of failure in "Cleaned up failed movement" and "System initialized: FAILED" mean no failure.
 */
const older: readonly Rule[] = [
  [new RegExp(`^ExecutionQueue: (Enqueued|Dequeued) ${NAME}`), (m) => ({ sequence: sequenceName(m[2]), phase: lower(m[1]) })],
  [new RegExp(`^ExecutionQueue: Now executing ${NAME}`), (m) => ({ sequence: sequenceName(m[1]), phase: 'executing' })],
  [new RegExp(`^ExecutionQueue: Marked ${NAME}`), (m) => ({ sequence: sequenceName(m[1]), phase: 'marked' })],
  [
    /^PerformanceTracker: Started timing beat (\d+) for (.{1,200})$/,
    (m) => ({ sequence: sequenceName(m[2]), beat: Number(m[1]), outcome: 'started', tracker: true }),
  ],
  [
    new RegExp(`^PerformanceTracker: Beat (\\d+) completed in ${MS}`),
    (m) => ({ beat: Number(m[1]), durationMs: Number(m[2]), outcome: 'ok', tracker: true }),
  ],
  [new RegExp(`^PerformanceTracker: Movement (.{1,100}?) completed in ${MS}`), (m) => movement(m[1], m[2])],
  [
    new RegExp(`^BeatExecutor: Beat (\\d+) \\(([^)]{1,200})\\) completed in ${MS}`),
    (m) => ({ beat: Number(m[1]), event: m[2] ?? '', durationMs: Number(m[3]), outcome: 'ok' }),
  ],
  [
    /^BeatExecutor: Beat (\d+) \(([^)]{1,200})\) failed:? ?(.*)$/,
    (m) => ({ beat: Number(m[1]), event: m[2] ?? '', outcome: 'error', error: m[3] ?? '' }),
  ],
  [/^BeatExecutor: Beat (\d+) \(([^)]{1,200})\)/, (m) => ({ beat: Number(m[1]), event: m[2] ?? '' })],
  [
    new RegExp(`^SequenceExecutor: Sequence ${NAME} completed in ${MS}`),
    (m) => ({ sequence: sequenceName(m[1]), durationMs: Number(m[2]), phase: 'completed', outcome: 'ok' }),
  ],
  [
    new RegExp(`^SequenceExecutor: Sequence ${NAME} failed at (.*)$`),
    (m) => ({ sequence: sequenceName(m[1]), phase: 'completed', outcome: 'error', error: m[2] ?? '' }),
  ],
  [/^(?:\w{1,60}: )?Waiting ([\d.]+) ?ms for beat timing(?: \(([^)]{1,60})\))?/, (m) => ({ waitMs: Number(m[1]), timing: m[2] ?? '' })],
  [/^DataBaton: (.*)$/, (m) => baton(m[1] ?? '')],
  [
    new RegExp(`^SequenceRegistry: Registered sequence ${NAME}(?: \\(id: ([^)]{1,200})\\))?`),
    (m) => ({ lifecycle: 'registered', registered: m[2] ?? m[1] ?? '' }),
  ],
  [/^(?:\w{1,60}: )?Plugin mounted successfully: (.{1,200})$/, (m) => ({ lifecycle: 'mounted', plugin: m[1] ?? '' })],
  [/^(?:\w{1,60}: )?Cleaned up failed movement\b/, () => ({ lifecycle: 'cleanup' })],
  [/^System initialized: \w+/, () => ({ lifecycle: 'initialized' })],
  [/^Sequence: "?([^"]{1,200}?)"?$/, (m) => ({ sequence: sequenceName(m[1]), context: true })],
  [/^Beat: "?(\d+)\b.*$/, (m) => ({ beat: Number(m[1]), context: true })],
  [/^Event: "?([\w.:/-]{1,200})"?$/, (m) => ({ event: m[1] ?? '', context: true })],
  [
    /^(ExecutionQueue|PerformanceTracker|BeatExecutor|SequenceExecutor|SequenceRegistry|MovementExecutor): /,
    (m) => ({ component: m[1] ?? '' }),
  ],
];

const newer: readonly Rule[] = [
  [/^Queued: ([^;=<>*{]{1,120})$/, (m) => ({ sequence: sequenceName(m[1]), phase: 'enqueued' })],
  [/^Executing: ([^;=<>*{]{1,120})$/, (m) => ({ sequence: sequenceName(m[1]), phase: 'executing' })],
  [new RegExp(`^Beat (\\d+): ${MS}$`), (m) => ({ beat: Number(m[1]), durationMs: Number(m[2]), outcome: 'ok' })],
  [new RegExp(`^Movement(?: (.{1,100}?))?: ${MS}$`), (m) => movement(m[1], m[2])],
  [
    new RegExp(`^Sequence Complete: (.{1,200}?) \\(${MS}\\)$`),
    (m) => ({ sequence: sequenceName(m[1]), durationMs: Number(m[2]), phase: 'completed', outcome: 'ok' }),
  ],
  [/^\[EVENTBUS\].{0,200}? Emit: ([\w.:/-]{1,200})/i, (m) => ({ emitted: m[1] ?? '' })],
];

export const conductorReader: LineReader = reader('conductor', older);
export const conductorNewerReader: LineReader = reader('conductor-2', newer);

function reader(name: string, rules: readonly Rule[]): LineReader {
  return {
    name,
    exclusive: true,
    read(line, { reference }) {
      if (line.length > 4096 || line.startsWith('{')) return undefined;
      const prefix = takePrefix(line, reference);
      const level = takeLevel(prefix.text);
      const text = takeSymbols((level?.rest ?? prefix.text).trimEnd());
      for (const [pattern, fieldsOf] of rules) {
        const match = pattern.exec(text);
        if (match === null) continue;
        const fields = fieldsOf(match);
        if (prefix.codePlace !== undefined) fields.codePlace = prefix.codePlace;
        return {
          text,
          fields,
          ...(prefix.stamp === undefined ? {} : { stamp: prefix.stamp }),
          level: fields.outcome === 'error' ? 'error' : quietLevel(level?.level, fields),
        };
      }
      return undefined;
    },
  };
}

/** A line that reports success or start-up is no failure, whatever its wording. */
function quietLevel(level: string | undefined, fields: Fields): string {
  return level === undefined || typeof fields.lifecycle === 'string' ? 'info' : level;
}

/** `.. | seq=S beat=N event=E handler=H plugin=P req=R`; `?` stands for unknown. */
function baton(text: string): Fields {
  const fields: Fields = { baton: true };
  const names: Record<string, string> = {
    seq: 'sequence',
    beat: 'beat',
    event: 'event',
    handler: 'handler',
    plugin: 'plugin',
    req: 'requestId',
  };
  const pairs = text.slice(text.lastIndexOf('|') + 1);
  for (const match of pairs.matchAll(/(\w+)=(.*?)(?=\s+\w+=|\s*$)/g)) {
    const name = names[match[1] ?? ''];
    const value = (match[2] ?? '').trim();
    if (name === undefined || value === '' || value === '?' || value === 'undefined') continue;
    fields[name] = name === 'beat' && /^\d+$/.test(value) ? Number(value) : name === 'sequence' ? sequenceName(value) : value;
  }
  return fields;
}

function movement(name: string | undefined, ms: string | undefined): Fields {
  return { movement: (name ?? '').trim(), values: { movementMs: Number(ms) } };
}

/** ` (Batched)` says how a sequence was run, not which. */
function sequenceName(name: string | undefined): string {
  return (name ?? '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/ \(Batched\)$/i, '');
}

function lower(word: string | undefined): string {
  return (word ?? '').toLowerCase();
}
