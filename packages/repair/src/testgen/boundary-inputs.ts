import type { Json } from '@selfheal/contracts';
import { Node } from 'ts-morph';
import { isRecord } from './call-sites.ts';
import { type Compared, comparedValues } from './compared-values.ts';
import type { CodeFunction } from './function-node.ts';

const MAX_VARIANTS = 24;
const LONGEST = 300;

/**
 * Inputs at, just below and just above the limits that a function's conditions compare with, made from arguments that production gave:
 * those on which a changed operator or limit shows. The first of each condition come first, so that any first few reach all branches.
 */
export function boundaryInputs(fn: CodeFunction, args: readonly Json[]): Json[][] {
  const byCondition = comparedValues(fn).map((compared) => variantsOf(fn, compared, args));
  const rounds = Math.max(0, ...byCondition.map((variants) => variants.length));
  const variants = Array.from({ length: rounds }, (_, round) => byCondition.flatMap((list) => (list[round] ? [list[round]] : []))).flat();
  const known = new Set([JSON.stringify(args)]);
  return variants
    .filter((variant) => {
      const key = JSON.stringify(variant);
      return !known.has(key) && known.add(key);
    })
    .slice(0, MAX_VARIANTS);
}

function variantsOf(fn: CodeFunction, compared: Compared, args: readonly Json[]): Json[][] {
  const [root, ...path] = compared.path;
  return args.flatMap((arg, index) => {
    const name = fn.node.getParameters()[index]?.getNameNode();
    const isPattern = Node.isObjectBindingPattern(name);
    if (!isPattern && name?.getText() !== root) return [];
    const within = isPattern ? compared.path : path;
    return compared.values.flatMap((value) => {
      const changed = compared.kind === 'length' ? withLength(arg, within, Number(value)) : withValue(arg, within, value);
      return changed === undefined ? [] : [args.map((one, at) => (at === index ? changed : one))];
    });
  });
}

/** The input with one member changed, where it has that member and the value is of its kind. */
function withValue(input: Json, path: readonly string[], value: Json): Json | undefined {
  return changeAt(input, path, (now) => {
    if (now === undefined) return typeof value === 'boolean' ? value : undefined;
    return typeof now === typeof value || value === null ? value : undefined;
  });
}

/** The input with a list or text of this length. */
function withLength(input: Json, path: readonly string[], length: number): Json | undefined {
  return changeAt(input, path, (now) => {
    if (length < 0 || length > LONGEST) return undefined;
    if (typeof now === 'string') return now.slice(0, length).padEnd(length, now === '' ? 'x' : now);
    if (!Array.isArray(now) || (now.length === 0 && length > 0)) return undefined;
    return Array.from({ length }, (_, index) => now[index % now.length] ?? null);
  });
}

function changeAt(input: Json, [head, ...rest]: readonly string[], change: (now: Json | undefined) => Json | undefined): Json | undefined {
  if (head === undefined) return change(input);
  if (!isRecord(input)) return undefined;
  const member = Object.hasOwn(input, head) ? input[head] : undefined;
  if (member === undefined && rest.length > 0) return undefined;
  const changed = member === undefined ? change(undefined) : changeAt(member, rest, change);
  return changed === undefined ? undefined : { ...input, [head]: changed };
}
