import type { Json, RecordedFrame } from '@selfheal/contracts';
import { Node, type ParameterDeclaration } from 'ts-morph';
import type { CodeFunction } from './function-node.ts';

/**
 * The arguments of a function in the frames of a recorded call, by position: undefined for one that the frame does not tell. Undefined
 * where none of the frames is the function's.
 */
export function recordedArguments(fn: CodeFunction, frames: readonly RecordedFrame[]): (Json | undefined)[] | undefined {
  const frame = frames.find((one) => isFrameOf(fn, one));
  if (frame === undefined) return undefined;
  const values = fn.node.getParameters().map((parameter) => valueFor(parameter, frame.values));
  while (values.length > 0 && isUndefined(values.at(-1))) values.pop();
  return values;
}

/** A frame lies in the function, and is not that of a function within it. */
function isFrameOf({ info, node }: CodeFunction, frame: RecordedFrame): boolean {
  if (frame.file !== info.file || frame.line < info.startLine || frame.line > info.endLine) return false;
  const name = info.name.split(/[.#]/).at(-1);
  if (frame.function !== '') return frame.function.split('.').at(-1) === name;
  return node.getParameters().every((parameter) => namesOf(parameter).every((local) => Object.hasOwn(frame.values, local)));
}

function valueFor(parameter: ParameterDeclaration, values: Readonly<Record<string, Json>>): Json | undefined {
  const target = parameter.getNameNode();
  if (parameter.isRestParameter()) return undefined;
  if (Node.isIdentifier(target)) return own(values, target.getText());
  if (!Node.isObjectBindingPattern(target)) return undefined;
  const fields: Record<string, Json> = {};
  for (const element of target.getElements()) {
    const value = own(values, element.getName());
    // What the pattern does not name, or takes apart further, cannot be told from its variables.
    if (element.getDotDotDotToken() !== undefined || !Node.isIdentifier(element.getNameNode())) return undefined;
    if (value !== undefined && !isUndefined(value)) fields[element.getPropertyNameNode()?.getText() ?? element.getName()] = value;
  }
  return fields;
}

function namesOf(parameter: ParameterDeclaration): string[] {
  const target = parameter.getNameNode();
  if (Node.isIdentifier(target)) return [target.getText()];
  return target.getElements().flatMap((element) => (Node.isBindingElement(element) ? [element.getName()] : []));
}

function own(values: Readonly<Record<string, Json>>, name: string): Json | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function isUndefined(value: Json | undefined): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value) && value.$type === 'undefined');
}
