import { Node, SyntaxKind } from 'ts-morph';
import { textValue } from '../templates/causes.ts';
import type { Argument } from './arguments.ts';
import { type FromParameter, fromParameter } from './concurrency-tests.ts';
import type { CodeFunction } from './function-node.ts';
import { isUsedAsList } from './parameter-use.ts';
import { scaled } from './scaled-input.ts';
import type { TestContext } from './test-context.ts';

/** Arguments whose lists have `size` items. */
export interface SizedArgument extends Argument {
  readonly isList: boolean;
}

/** The arguments with the given lists of `size` items; `vary` names members that must differ from item to item. Undefined where one is no list. */
export function sizedArguments(
  args: readonly Argument[],
  lists: readonly FromParameter[],
  vary: readonly string[],
  quote: string,
): SizedArgument[] | undefined {
  if (lists.length === 0) return undefined;
  const sized: (SizedArgument | undefined)[] = args.map((arg, index) => {
    const own = lists.filter((list) => list.index === index);
    const [first] = own;
    if (!first) return { ...arg, isList: false };
    const longer = scaled(arg, first.path, vary, quote);
    return longer && { ...arg, code: longer.code('size'), isList: true };
  });
  return sized.every((arg) => arg !== undefined) ? sized.filter((arg): arg is SizedArgument => arg !== undefined) : undefined;
}

export interface GrowingLists {
  /** Those that the diagnosis names, or else those of the function's loops, the first one first. */
  readonly lists: readonly FromParameter[];
  /** Members of their items by which these are told from each other. */
  readonly vary: readonly string[];
}

export function growingLists({ diagnosis }: TestContext, fn: CodeFunction): GrowingLists {
  const { outerCollection, collection, inner } = diagnosis.analysis.data;
  const named = [textValue(outerCollection), textValue(collection)].flatMap((text) =>
    text === undefined ? [] : (parameterOf(text, fn) ?? []),
  );
  const vary = [...(textValue(inner) ?? '').matchAll(/\.([A-Za-z_$][\w$]*)\b(?!\s*\()/g)].map((match) => match[1] ?? '');
  return { lists: named.length > 0 ? named : loopCollections(fn), vary };
}

/** `orders` or `basket.lines`, as far as it comes from a parameter. */
function parameterOf(text: string, fn: CodeFunction): FromParameter | undefined {
  const node = fn.node
    .getDescendants()
    .find((one) => (Node.isIdentifier(one) || Node.isPropertyAccessExpression(one)) && one.getText() === text);
  return node && fromParameter(node, fn.node);
}

/** The lists that the function's own loops go over, the first one first. */
function loopCollections(fn: CodeFunction): FromParameter[] {
  return fn.node.getDescendants().flatMap((node) => {
    if (Node.isForOfStatement(node)) return fromParameter(node.getExpression(), fn.node) ?? [];
    const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
    const isEach = Node.isPropertyAccessExpression(callee) && /^(map|forEach|filter|reduce|flatMap)$/.test(callee.getName());
    return isEach && Node.isPropertyAccessExpression(callee) ? (fromParameter(callee.getExpression(), fn.node) ?? []) : [];
  });
}

/** Parameters that are lists themselves, by their use. */
export function listParameters({ node }: CodeFunction): FromParameter[] {
  return node.getParameters().flatMap((parameter, index) => (isUsedAsList(parameter) ? [{ index, path: [] }] : []));
}

/** Positions of parameters that a function counts down as it calls itself: `n` of `fib(n - 1) + fib(n - 2)`. */
export function countedDown({ info, node }: CodeFunction): number[] {
  const name = info.name.split('.').at(-1);
  const names = node.getParameters().map((parameter) => parameter.getName());
  const own = node.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => call.getExpression().getText() === name);
  return names.flatMap((parameter, index) => {
    const isLess = own.some((call) => {
      const argument = call.getArguments()[index];
      return (
        Node.isBinaryExpression(argument) && argument.getOperatorToken().getText() === '-' && argument.getLeft().getText() === parameter
      );
    });
    return isLess ? [index] : [];
  });
}
