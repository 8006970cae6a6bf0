import type { CodebaseInfo, Json, SourceSnapshot } from '@selfheal/contracts';
import { Node, type ParameterDeclaration } from 'ts-morph';
import { callSitesOf, isRecord, valueOfArgument } from './call-sites.ts';
import type { CallValues } from './call-values.ts';
import { factoryFor } from './factories.ts';
import type { CodeFunction } from './function-node.ts';
import { type LiteralStyle, toLiteral } from './literal.ts';
import { isUsedAsList, membersRead } from './parameter-use.ts';
import { recordedArguments } from './recorded-arguments.ts';
import { recordedLiteral } from './recorded-literal.ts';
import { type ShapeOptions, shapeOfBinding } from './shape.ts';
import { synthesise } from './synthesise.ts';
import type { TestImport } from './test-plan.ts';

/** Arguments for one call of a function, as source code. */
export interface ArgumentList {
  readonly args: readonly Argument[];
  /** How sure it is that production called it with these values, 0..1; the part of values that were logged. */
  readonly confidence: number;
  /** What the values are, in words. */
  readonly origin: string;
}

export interface Argument {
  readonly name: string;
  readonly code: string;
  readonly imports: readonly TestImport[];
  readonly confidence: number;
  readonly logged: boolean;
}

export interface ArgumentContext {
  readonly codebase: CodebaseInfo;
  readonly sources: SourceSnapshot;
  readonly style: LiteralStyle;
  readonly shape: ShapeOptions;
}

/** Arguments that production gave, as far as its logged values tell; what they do not tell is made up by use. Best first. */
export function loggedArguments(fn: CodeFunction, values: CallValues, context: ArgumentContext): ArgumentList[] {
  const lists = [
    asRecorded(fn, values, context),
    ...atCallSites(fn, values, context),
    byPosition(fn, values),
    byName(fn, values),
    byShape(fn, values),
  ];
  const known = new Set<string>();
  return lists
    .filter((list): list is (Found | undefined)[] => list?.some((found) => found !== undefined) ?? false)
    .map((list) => complete(fn, list, context))
    .filter((list) => {
      const key = list.args.map((arg) => arg.code).join('\n');
      return !known.has(key) && known.add(key);
    })
    .sort((a, b) => b.confidence - a.confidence);
}

/** Arguments of the smallest shape that reaches the fault. */
export function minimalArguments(fn: CodeFunction, context: ArgumentContext): ArgumentList {
  const list = complete(
    fn,
    fn.node.getParameters().map(() => undefined),
    context,
  );
  return { ...list, confidence: 0.3, origin: 'values of the smallest shape that the code reads' };
}

interface Found {
  readonly value: Json;
  readonly confidence: number;
  /** The value as code, where it is not plain JSON. */
  readonly code?: string;
}

/** What the recorder saw in the function's own frame. */
function asRecorded(fn: CodeFunction, { frames }: CallValues, { style }: ArgumentContext): (Found | undefined)[] | undefined {
  return recordedArguments(fn, frames)?.map((value) => {
    const code = value === undefined ? undefined : recordedLiteral(value, style);
    return value === undefined || code === undefined ? undefined : { value, code, confidence: 1 };
  });
}

function atCallSites(fn: CodeFunction, values: CallValues, { sources, codebase }: ArgumentContext): (Found | undefined)[][] {
  const tests = new Set(codebase.files.filter((file) => file.test).map((file) => file.path));
  return callSitesOf(fn, sources.files, (path) => tests.has(path)).map((call) =>
    fn.node.getParameters().map((_, index) => {
      const argument = call.getArguments()[index];
      const value = argument && valueOfArgument(argument, values);
      return value === undefined ? undefined : { value, confidence: 0.95 };
    }),
  );
}

/** A logged input that is the list of arguments, or the one argument. */
function byPosition(fn: CodeFunction, { input }: CallValues): (Found | undefined)[] | undefined {
  const parameters = fn.node.getParameters();
  if (input === undefined || parameters.length === 0) return undefined;
  if (Array.isArray(input) && parameters.length > 1 && input.length <= parameters.length) {
    return parameters.map((_, index) => found(input[index], 0.85));
  }
  const [first] = parameters;
  if (!first) return undefined;
  const isNamed =
    isRecord(input) &&
    parameters.some((parameter) => Object.hasOwn(input, parameter.getName())) &&
    !membersRead(first).some((member) => Object.hasOwn(input, member));
  return isNamed ? undefined : parameters.map((_, index) => (index === 0 ? found(input, parameters.length === 1 ? 0.95 : 0.8) : undefined));
}

function byName(fn: CodeFunction, { input, request }: CallValues): (Found | undefined)[] {
  const places = [input, request?.params, request?.body, request?.query].filter(isRecord);
  return fn.node.getParameters().map((parameter) => {
    const holder = places.find((place) => Object.hasOwn(place, parameter.getName()));
    return found(holder?.[parameter.getName()], 0.8);
  });
}

/** Parts of the logged values that have what the function reads. */
function byShape(fn: CodeFunction, { input, request }: CallValues): (Found | undefined)[] {
  const parts = [input, request?.body].flatMap((value) => (value === undefined ? [] : partsOf(value)));
  return fn.node.getParameters().map((parameter) => {
    const scored = parts.map((value) => ({ value, confidence: fit(parameter, value) })).sort((a, b) => b.confidence - a.confidence);
    const [best] = scored;
    return best && best.confidence >= 0.4 ? best : undefined;
  });
}

/** The value itself, its members, and one item of each list. */
function partsOf(value: Json, depth = 0): Json[] {
  if (depth > 3) return [];
  if (Array.isArray(value)) return [value, ...value.slice(0, 3).flatMap((item) => partsOf(item, depth + 1))];
  return isRecord(value)
    ? [value, ...Object.values(value).flatMap((member) => (typeof member === 'object' ? partsOf(member, depth + 1) : []))]
    : [];
}

function fit(parameter: ParameterDeclaration, value: Json): number {
  if (Array.isArray(value)) return isUsedAsList(parameter) ? 0.6 : 0;
  const read = membersRead(parameter);
  if (!isRecord(value) || read.length === 0 || isUsedAsList(parameter)) return 0;
  const there = read.filter((member) => Object.hasOwn(value, member)).length;
  return (0.8 * there) / read.length;
}

function found(value: Json | undefined, confidence: number): Found | undefined {
  return value === undefined ? undefined : { value, confidence };
}

function complete(fn: CodeFunction, list: readonly (Found | undefined)[], context: ArgumentContext): ArgumentList {
  const parameters = fn.node.getParameters();
  const args = parameters.map((parameter, index) => toArgument(parameter, list[index], fn, context));
  // Optional parameters at the end that nothing is known of are left to their defaults.
  while (args.length > 0 && !args.at(-1)?.logged && parameters[args.length - 1]?.isOptional()) args.pop();
  const logged = args.filter((arg) => arg.logged).length;
  const confidence = args.length === 0 ? 0.5 : args.reduce((sum, arg) => sum + arg.confidence, 0) / args.length;
  const origin =
    logged === args.length
      ? 'the values that production logged'
      : logged > 0
        ? 'the values that production logged, and made-up ones for the rest'
        : 'made-up values';
  return { args, confidence, origin };
}

function toArgument(parameter: ParameterDeclaration, value: Found | undefined, fn: CodeFunction, context: ArgumentContext): Argument {
  const name = Node.isIdentifier(parameter.getNameNode()) ? parameter.getName() : 'input';
  if (value)
    return {
      name,
      code: value.code ?? toLiteral(asDeclared(value.value, parameter), context.style),
      imports: [],
      confidence: value.confidence,
      logged: true,
    };
  const shape = shapeOfBinding(parameter.getNameNode(), fn.node, context.shape);
  const factory = containsMissing(shape) ? undefined : factoryFor({ name, type: parameter.getTypeNode()?.getText() }, context.codebase);
  if (factory) return { name, ...factory, confidence: 0.5, logged: false };
  return { name, code: synthesise(shape, name, context.style), imports: [], confidence: 0.3, logged: false };
}

/** What stands in a path or query is text; a function that is declared to take a number or truth value gets it as such. */
function asDeclared(value: Json, parameter: ParameterDeclaration): Json {
  if (typeof value !== 'string') return value;
  const type = parameter.getTypeNode()?.getText();
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return type === 'boolean' && /^(true|false)$/.test(value) ? value === 'true' : value;
}

function containsMissing(shape: ReturnType<typeof shapeOfBinding>): boolean {
  if (shape.kind === 'missing') return true;
  if (shape.kind === 'object') return [...shape.members.values()].some(containsMissing);
  if (shape.kind === 'list') return containsMissing(shape.item);
  return shape.kind === 'function' && containsMissing(shape.gives);
}
