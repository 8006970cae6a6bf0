import { serialize } from 'node:v8';
import type { CodebaseInfo, FunctionInfo, IssueAnalysis, Json, WarmCall } from '@selfheal/contracts';
import { fitForTest } from '../testgen/logged-value.ts';

const MOST_CALLS = 40;

/** Calls that went well in production, of exported functions in the given files, as they can be repeated. */
export function productionSuccesses({ passingCalls }: IssueAnalysis, codebase: CodebaseInfo, files: readonly string[]): WarmCall[] {
  return passingCalls.slice(0, MOST_CALLS).flatMap(({ operation, input }): WarmCall[] => {
    const served = codebase.operations.find((one) => one.operation === operation);
    const fn = codebase.functions.find(({ id }) => id === served?.functionId);
    const args = fn === undefined ? undefined : argumentsOf(fn, fitForTest(input));
    const name = fn?.exportedAs;
    if (fn === undefined || args === undefined || name === undefined || !files.includes(fn.file) || !isPlain(name)) return [];
    return [{ file: fn.file, name, args: serialize(args).toString('base64') }];
  });
}

/** A logged input is the one argument, or the list of them. */
function argumentsOf({ params }: FunctionInfo, input: Json | undefined): Json[] | undefined {
  if (input === undefined) return undefined;
  if (params.length === 1) return [input];
  return Array.isArray(input) && input.length <= params.length ? input : undefined;
}

/** Reached by the module's name alone: members and methods need an object that production had. */
function isPlain(name: string): boolean {
  return name === 'module.exports' || !/[.#]/.test(name);
}
