import type { CodebaseInfo, CodeLocation, FunctionInfo, SourceSnapshot } from '@selfheal/contracts';
import type { ts } from 'ts-morph';
import { type CodeFile, type CodeFunction, type CodeIndex, createCodeIndex, enclosingFunction } from '../codebase/code-index.ts';
import { collectRoutes } from '../codebase/routes/collect-routes.ts';
import { isProductionSource } from '../codebase/source-kind.ts';
import { columnOf, endLineOf, lineOf } from '../codebase/syntax/parse-source.ts';

/** The code base with its syntax trees: what an analyser looks at. */
export interface CodeView {
  readonly codebase: CodebaseInfo;
  readonly sources: SourceSnapshot;
  readonly index: CodeIndex;
  readonly infoById: ReadonlyMap<string, FunctionInfo>;
  readonly functionById: ReadonlyMap<string, CodeFunction>;
  /** A production source file of the repository; undefined for anything else, whatever a log may claim. */
  file(path: string): CodeFile | undefined;
}

const views = new WeakMap<SourceSnapshot, CodeView>();

export function createCodeView(codebase: CodebaseInfo, sources: SourceSnapshot): CodeView {
  const known = views.get(sources);
  if (known !== undefined && known.codebase === codebase) return known;
  const index = createCodeIndex(sources);
  collectRoutes(index); // names inline route handlers as the code base's facts do
  const tests = new Set(codebase.files.filter((file) => file.test).map((file) => file.path));
  const view: CodeView = {
    codebase,
    sources,
    index,
    infoById: new Map(codebase.functions.map((one) => [one.id, one])),
    functionById: new Map(index.functions.map((one) => [one.id, one])),
    file: (path) => (isProductionSource(path) && !tests.has(path) ? index.files.get(path) : undefined),
  };
  views.set(sources, view);
  return view;
}

/** The place of a node, with the named function around it. */
export function locationOf(view: CodeView, node: ts.Node): CodeLocation {
  const around = enclosingFunction(view.index, node);
  return {
    file: node.getSourceFile().fileName,
    line: lineOf(node),
    column: columnOf(node),
    endLine: endLineOf(node),
    ...(around === undefined
      ? {}
      : { function: around.name, functionId: around.id, functionStart: around.startLine, functionEnd: around.endLine }),
  };
}

/** Source text of a node on one line, cut to what a person wants to read. */
export function textOf(node: ts.Node, limit = 200): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** The function and those it calls within the code base, nearest first, by number of calls away. */
export function withCallees(view: CodeView, start: CodeFunction, depth: number): { one: CodeFunction; depth: number }[] {
  const found = new Map([[start.id, { one: start, depth: 0 }]]);
  let edge = [start.id];
  for (let level = 1; level <= depth; level++) {
    const next: string[] = [];
    for (const id of edge.flatMap((from) => view.infoById.get(from)?.calls ?? [])) {
      const one = view.functionById.get(id);
      if (one === undefined || found.has(id) || view.file(one.file.path) === undefined) continue;
      found.set(id, { one, depth: level });
      next.push(id);
    }
    edge = next;
  }
  return [...found.values()];
}
