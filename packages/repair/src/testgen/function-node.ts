import type { CodebaseInfo, CodeLocation, FunctionInfo, SourceSnapshot, StackFrame } from '@selfheal/contracts';
import { openSource } from '../templates/source-files.ts';
import { type FunctionNode, functionsOf } from '../templates/syntax-tree.ts';

/** A function of the code base with its syntax tree. */
export interface CodeFunction {
  readonly info: FunctionInfo;
  readonly node: FunctionNode;
}

export function functionOf(info: FunctionInfo | undefined, sources: SourceSnapshot): CodeFunction | undefined {
  const source = info && openSource(sources.files, info.file);
  if (!info || !source) return undefined;
  const starting = functionsOf(source).filter((fn) => fn.getStartLineNumber() === info.startLine && fn.getEndLineNumber() === info.endLine);
  const [node] = starting.filter((fn) => fn.getParameters().length === info.params.length).concat(starting);
  return node && { info, node };
}

/** The innermost named function at a place. */
export function functionAt(place: Pick<CodeLocation, 'file' | 'line' | 'functionId'>, codebase: CodebaseInfo): FunctionInfo | undefined {
  const byId = codebase.functions.find((one) => one.id === place.functionId);
  if (byId) return byId;
  const around = codebase.functions.filter((one) => one.file === place.file && one.startLine <= place.line && one.endLine >= place.line);
  return around.sort((a, b) => a.endLine - a.startLine - (b.endLine - b.startLine))[0];
}

/**
 * Functions through which the fault can be shown, innermost first: that of the faulty place, those of the stack, and those that call them.
 */
export function functionsToCall(place: CodeLocation, frames: readonly StackFrame[], codebase: CodebaseInfo, limit = 6): FunctionInfo[] {
  const inApp = frames.filter((frame) => frame.inApp).map((frame) => functionAt({ file: frame.file, line: frame.line }, codebase));
  const start = [functionAt(place, codebase), ...inApp].filter((info): info is FunctionInfo => info !== undefined);
  const found = new Map(start.map((info) => [info.id, info]));
  let layer = start;
  for (let depth = 0; depth < 4 && layer.length > 0; depth += 1) {
    const ids = new Set(layer.map((info) => info.id));
    layer = codebase.functions.filter(
      (info) =>
        !found.has(info.id) && info.calls.some((id) => ids.has(id)) && !codebase.files.some((file) => file.test && file.path === info.file),
    );
    for (const info of layer) found.set(info.id, info);
  }
  return [...found.values()].filter((info) => info.exportedAs !== undefined).slice(0, limit);
}
