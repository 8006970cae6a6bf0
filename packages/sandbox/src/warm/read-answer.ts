import type { Observation, WarmCall, WarmOutcome, WarmResult } from '@selfheal/contracts';
import { z } from 'zod';
import type { Answer } from './warm-process.ts';

const blocks = z.array(z.tuple([z.number(), z.number(), z.number()]));
const observedError = z.object({
  type: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  actual: z.string().optional(),
  expected: z.string().optional(),
  actualBytes: z.string().optional(),
  expectedBytes: z.string().optional(),
});
const result = z.object({
  key: z.string(),
  passed: z.boolean(),
  steps: z.number(),
  ms: z.number(),
  observations: z.array(
    z.object({
      id: z.string(),
      passed: z.boolean(),
      error: observedError.optional(),
      covered: z.array(z.record(z.string(), blocks)).optional(),
    }),
  ),
  calls: z.array(z.object({ name: z.string(), file: z.string().optional(), args: z.string() })).optional(),
});
const answer = z.object({ broken: z.string().optional(), results: z.array(result).optional(), values: z.array(z.string()).optional() });

export interface Place {
  /** Path relative to the repository. */
  toFile(path: string): string;
  /** Maps offsets of the instrumented text to those of the base. */
  toBase(path: string): ((offset: number) => number) | undefined;
  /** Maps lines of the run text to those of the base, where they differ. */
  toLine(path: string): ((line: number, column: number) => number) | undefined;
}

/** The answer comes from a process that runs foreign code: whatever has not the right shape is a broken run. */
export function readOutcome(given: Answer, place: Place): WarmOutcome {
  const parsed = answer.safeParse(given);
  if (!parsed.success) return { results: [], broken: 'the answer could not be read' };
  const { results = [], broken } = parsed.data;
  return { results: results.map((one) => readResult(one, place)), ...(broken === undefined ? {} : { broken }) };
}

export function readCallResults(given: Answer): readonly string[] {
  const parsed = answer.safeParse(given);
  return parsed.success ? (parsed.data.values ?? []) : [];
}

function readResult(one: z.infer<typeof result>, place: Place): WarmResult {
  const [path = '', title = ''] = one.key.split('\0');
  const calls = one.calls?.map(({ name, args }): WarmCall => {
    const at = name.indexOf('\0');
    return { file: name.slice(0, at), name: name.slice(at + 1), args };
  });
  return {
    key: one.key,
    file: place.toFile(path),
    title,
    passed: one.passed,
    steps: one.steps,
    ms: one.ms,
    observations: one.observations.map((each) => readObservation(each, place)),
    ...(calls === undefined ? {} : { calls }),
  };
}

function readObservation({ id, passed, error, covered }: z.infer<typeof result>['observations'][number], place: Place): Observation {
  const ran = (covered ?? []).map((byPath) => {
    const files: Record<string, [number, number, number][]> = {};
    for (const [path, ranges] of Object.entries(byPath)) {
      const map = place.toBase(path);
      if (map !== undefined) files[place.toFile(path)] = ranges.map(([start, end, count]) => [map(start), map(end), count]);
    }
    return files;
  });
  return { id, passed, covered: ran, ...(error === undefined ? {} : { error: stripUndefined(error, place) }) };
}

/** A stack with the lines of the base. */
function inBase(stack: string, place: Place): string {
  return stack.replace(/((?:file:\/\/)?(\/[^\s():]+)):(\d+):(\d+)/g, (whole, shown: string, path: string, line: string, column: string) => {
    const map = place.toLine(path);
    return map === undefined ? whole : `${shown}:${map(Number(line), Number(column))}:${column}`;
  });
}

function stripUndefined(error: z.infer<typeof observedError>, place: Place): NonNullable<Observation['error']> {
  const { type, message, stack, actual, expected, actualBytes, expectedBytes } = error;
  return {
    type,
    message,
    ...(stack === undefined ? {} : { stack: inBase(stack, place) }),
    ...(actual === undefined ? {} : { actual }),
    ...(expected === undefined ? {} : { expected }),
    ...(actualBytes === undefined ? {} : { actualBytes }),
    ...(expectedBytes === undefined ? {} : { expectedBytes }),
  };
}
