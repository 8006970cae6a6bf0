import { ts } from 'ts-morph';
import type { CodeFile, CodeFunction } from '../codebase/code-index.ts';
import { resolveFunctions } from '../codebase/resolve-callee.ts';
import { descendants, type FunctionNode, lineOf } from '../codebase/syntax/parse-source.ts';
import type { CodeView } from './code-view.ts';

export interface PassedArgument {
  readonly file: CodeFile;
  readonly argument: ts.Expression;
  /** Who passes it and where, for a person. */
  readonly from: string;
}

/** What the code base passes for a parameter, by its position. */
export function argumentsFor(view: CodeView, owner: FunctionNode, position: number): PassedArgument[] {
  const target = view.index.byNode.get(owner);
  if (target === undefined) return [];
  const callers = view.codebase.functions
    .filter((one) => one.calls.includes(target.id))
    .flatMap((one) => view.functionById.get(one.id) ?? []);
  return callers
    .filter((caller) => !caller.file.test)
    .flatMap((caller) =>
      callsTo(view, caller, target).flatMap((call) => {
        const argument = call.arguments[position];
        return argument === undefined
          ? []
          : [{ file: caller.file, argument, from: `\`${caller.name}\` (${caller.file.path}:${lineOf(call)})` }];
      }),
    );
}

/** The calls within one function that mean another. */
export function callsTo(view: CodeView, caller: CodeFunction, target: CodeFunction): ts.CallExpression[] {
  const calls = [...descendants(caller.node.body)].filter(ts.isCallExpression);
  return calls.filter((call) => resolveFunctions(view.index, caller.file, call.expression).some((one) => one.node === target.node));
}
