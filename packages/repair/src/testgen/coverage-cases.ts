import type { Json } from '@selfheal/contracts';
import { type Argument, type ArgumentContext, type ArgumentList, loggedArguments, minimalArguments } from './arguments.ts';
import { boundaryInputs } from './boundary-inputs.ts';
import { type CallValues, callValues } from './call-values.ts';
import { existingArguments } from './existing-calls.ts';
import type { CodeFunction } from './function-node.ts';
import { toLiteral } from './literal.ts';
import { literalValue } from './literal-value.ts';
import type { TestContext } from './test-context.ts';

const RECORDED_KEPT = 4;
const OBSERVED_KEPT = 8;
const BASES = 3;

/** One call of untested code in a test: with the output that production recorded, or with one that is to be observed. */
export interface CoverageCase {
  readonly list: ArgumentList;
  readonly output: Json | undefined;
  readonly event: string | undefined;
}

/** Recorded calls with differing outputs, then inputs at the limits of the code's conditions. */
export function coverageCases(
  fn: CodeFunction,
  { diagnosis, codebase, sources, style }: TestContext,
): { recorded: CoverageCase[]; observed: CoverageCase[] } {
  const context: ArgumentContext = { codebase, sources, style: style.code, shape: {} };
  const calls = callValues([...diagnosis.analysis.passingCalls, ...diagnosis.analysis.failingCalls]);
  const listed = calls.flatMap((call) =>
    loggedArguments(fn, call, context)
      .slice(0, 1)
      .map((list) => ({ call, list })),
  );
  const recorded = spread(listed).map(({ call, list }) => ({ list, output: call.output, event: call.eventId }));
  const bases =
    recorded.length > 0
      ? recorded.map((one) => one.list)
      : fallbacks(
          fn,
          listed.map((one) => one.list),
          context,
        );
  const limits = bases.slice(0, BASES).flatMap((list) => atLimits(fn, list, style));
  const observed = [...(recorded.length > 0 ? [] : bases), ...limits];
  const known = new Set(recorded.map((one) => keyOf(one.list)));
  return {
    recorded,
    observed: unique(observed, known)
      .slice(0, OBSERVED_KEPT)
      .map((list) => ({ list, output: undefined, event: undefined })),
  };
}

/** Where production recorded no outputs: its inputs alone, those of other tests, and made-up ones. */
function fallbacks(fn: CodeFunction, logged: readonly ArgumentList[], context: ArgumentContext): ArgumentList[] {
  const existing = existingArguments(fn, context.codebase, context.sources).map((args) => ({
    args,
    confidence: 0.6,
    origin: 'the values of other tests',
  }));
  const bases = [...logged, ...existing];
  return bases.length > 0 ? bases.slice(0, RECORDED_KEPT) : [minimalArguments(fn, context)];
}

/** One call of each output first, so that a few show most of what the code can give. */
function spread<T extends { call: CallValues }>(listed: readonly T[]): T[] {
  const complete = listed.filter(({ call }) => call.output !== undefined);
  const groups = [...Map.groupBy(complete, ({ call }) => JSON.stringify(call.output)).values()];
  const rounds = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: rounds }, (_, round) => groups.flatMap((group) => (group[round] ? [group[round]] : [])))
    .flat()
    .slice(0, RECORDED_KEPT);
}

function atLimits(fn: CodeFunction, list: ArgumentList, style: TestContext['style']): ArgumentList[] {
  const values = list.args.map((arg) => literalValue(arg.code));
  // What is no plain value, e.g. a dependency made by a factory, stays as it is.
  const variants = boundaryInputs(
    fn,
    values.map((value) => value ?? null),
  );
  return variants.map((variant) => {
    const args = list.args.map(
      (arg, index): Argument => (values[index] === undefined ? arg : { ...arg, code: toLiteral(variant[index] ?? null, style.code) }),
    );
    return { args, confidence: 0.8, origin: 'a limit of its conditions' };
  });
}

function unique(lists: readonly ArgumentList[], known: Set<string>): ArgumentList[] {
  return lists.filter((list) => {
    const key = keyOf(list);
    return !known.has(key) && known.add(key);
  });
}

function keyOf(list: ArgumentList): string {
  return list.args.map((arg) => arg.code).join('\n');
}
