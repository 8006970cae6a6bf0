import type { Json } from '@selfheal/contracts';
import type { ArgumentList } from './arguments.ts';
import { callValues } from './call-values.ts';
import type { CodeFunction } from './function-node.ts';
import { toLiteral } from './literal.ts';
import { recordedArguments } from './recorded-arguments.ts';
import { recordedLiteral } from './recorded-literal.ts';
import { subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';

/** A call as a test states it: the arguments and the result as code. */
interface StatedCall {
  readonly args: readonly string[];
  readonly result: string;
}

/** Lines that assert that a production call of the function that went well still gives what it gave; none where none is known. */
export function passingChecks(context: TestContext, fn: CodeFunction): string[] {
  const stated = recordedCall(context, fn) ?? loggedCall(context, fn);
  if (stated === undefined) return [];
  const list: ArgumentList = {
    args: stated.args.map((code, index) => ({ name: usualName(index, stated.args), code, imports: [], confidence: 1, logged: true })),
    confidence: 1,
    origin: '',
  };
  const subject = subjectCall(fn, list, context.style);
  if (!subject) return [];
  const actual = subject.asynchronous ? `await ${subject.call}` : subject.call;
  return [...subject.setup, context.assert.deepEqual(actual, stated.result)];
}

function usualName(index: number, args: readonly string[]): string {
  return args.length === 1 ? 'usual' : `usual${index + 1}`;
}

/** The smallest call that the recorder sampled. None where equal arguments gave different results: the function depends on more than them. */
function recordedCall({ diagnosis, style }: TestContext, fn: CodeFunction): StatedCall | undefined {
  const results = new Map<string, StatedCall>();
  for (const { frames, output } of diagnosis.analysis.passingCalls) {
    const args = frames && output !== undefined ? recordedArguments(fn, frames)?.map((value) => exactCode(value, style.code)) : undefined;
    const result = output === undefined ? undefined : recordedLiteral(output, style.code, true);
    if (args === undefined || result === undefined || !args.every((code) => code !== undefined)) continue;
    const key = args.join('\n');
    const known = results.get(key);
    if (known !== undefined && known.result !== result) return undefined;
    results.set(key, { args, result });
  }
  const size = ({ args, result }: StatedCall) => args.join('').length + result.length;
  return [...results.values()].sort((a, b) => size(a) - size(b))[0];
}

function exactCode(value: Json | undefined, style: TestContext['style']['code']): string | undefined {
  return value === undefined ? undefined : recordedLiteral(value, style, true);
}

/** A call that the application logged with its input and output, where the function is one operation and takes one argument. */
function loggedCall({ diagnosis, codebase, style }: TestContext, fn: CodeFunction): StatedCall | undefined {
  const operations = new Set(
    codebase.operations.filter((operation) => operation.functionId === fn.info.id).map((operation) => operation.operation),
  );
  const calls = diagnosis.analysis.passingCalls.filter(
    (call) => operations.has(call.operation) && call.output !== undefined && call.input !== undefined,
  );
  const [values] = callValues(calls);
  if (!values || values.input === undefined || values.output === undefined || fn.node.getParameters().length !== 1) return undefined;
  return { args: [toLiteral(values.input, style.code)], result: toLiteral(values.output, style.code) };
}
