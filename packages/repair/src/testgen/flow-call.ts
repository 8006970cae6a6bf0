import { type ClassDeclaration, Node, type ParameterDeclaration } from 'ts-morph';
import type { Argument, ArgumentContext } from './arguments.ts';
import { loggedArguments, minimalArguments } from './arguments.ts';
import type { CallValues } from './call-values.ts';
import { existingArguments } from './existing-calls.ts';
import { factoryFor } from './factories.ts';
import type { CodeFunction } from './function-node.ts';
import { isAsynchronous, subjectCall } from './subject-call.ts';
import type { TestImport } from './test-plan.ts';
import type { TestStyle } from './test-style.ts';

/** Something that the code takes in: a parameter of the function, or of the constructor of its class. */
export interface Intake {
  readonly parameter: ParameterDeclaration;
  readonly name: string;
  readonly type: string;
}

/** What a flow is given, the constructor's part first. */
export function intakesOf(fn: CodeFunction): { ofObject: Intake[]; own: Intake[] } {
  const [making] = ownerOf(fn)?.getConstructors() ?? [];
  return { ofObject: (making?.getParameters() ?? []).map(toIntake), own: fn.node.getParameters().map(toIntake) };
}

function toIntake(parameter: ParameterDeclaration): Intake {
  const name = Node.isIdentifier(parameter.getNameNode()) ? parameter.getName() : 'parts';
  return { parameter, name, type: parameter.getTypeNode()?.getText() ?? '' };
}

function ownerOf({ info, node }: CodeFunction): ClassDeclaration | undefined {
  const owner = node.getParent();
  return info.exportedAs?.includes('#') && Node.isClassDeclaration(owner) ? owner : undefined;
}

/** Lists of arguments for the function itself: as production gave them, as tests give them, as the repository can make them. */
export function flowArguments(fn: CodeFunction, calls: readonly CallValues[], context: ArgumentContext): Argument[][] {
  const logged = calls.slice(0, 2).flatMap((values) => loggedArguments(fn, values, context).slice(0, 1));
  const lists = [...logged.map((list) => [...list.args]), ...existingArguments(fn, context.codebase, context.sources)];
  return [...lists, [...minimalArguments(fn, context).args]].map((args) => withFactories(fn, args, context));
}

/** What the repository can make by itself is better than a made-up value. */
function withFactories(fn: CodeFunction, args: readonly Argument[], { codebase }: ArgumentContext): Argument[] {
  return args.map((arg, index) => {
    const parameter = fn.node.getParameters()[index];
    const made = arg.logged || !parameter ? undefined : factoryFor({ name: arg.name, type: parameter.getTypeNode()?.getText() }, codebase);
    return made ? { ...arg, ...made } : arg;
  });
}

export interface FlowCall {
  readonly imports: readonly TestImport[];
  readonly setup: readonly string[];
  readonly call: string;
  readonly asynchronous: boolean;
  readonly awaits: boolean;
}

/** The call of a flow; undefined where a test cannot reach it. */
export function flowCall(
  fn: CodeFunction,
  constructorArgs: readonly Argument[],
  args: readonly Argument[],
  style: TestStyle,
): FlowCall | undefined {
  const subject = subjectCall(fn, { args, confidence: 1, origin: '' }, style);
  if (!subject) return undefined;
  const made = constructorArgs.map((arg) => arg.code).join(', ');
  return {
    imports: [...subject.imports, ...constructorArgs.flatMap((arg) => arg.imports)],
    setup: subject.setup,
    call: subject.call.replace(/^(new [\w$]+\()\)/, (_, start: string) => `${start}${made})`),
    asynchronous: isAsynchronous(fn),
    awaits: subject.awaits,
  };
}
