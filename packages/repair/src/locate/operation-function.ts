import type { CodebaseInfo, CodeOperation } from '@selfheal/contracts';

/**
 * The code that serves an operation as telemetry names it. Routes match whatever their parameters are called (`:id`, `{id}`,
 * `[id]`, `<*>`), and also by a concrete path (`GET /orders/17`); handlers by full or short name.
 */
export function findOperation(codebase: CodebaseInfo, operation: string): CodeOperation | undefined {
  const exact = codebase.operations.find((one) => one.operation === operation);
  if (exact !== undefined) return exact;
  const route = /^([A-Z]+) (\/\S*)$/.exec(operation);
  if (route?.[1] !== undefined && route[2] !== undefined) return findRoute(codebase, route[1], route[2]);
  const short = operation.slice(operation.lastIndexOf('.') + 1);
  return short === operation ? undefined : codebase.operations.find((one) => one.operation === short);
}

function findRoute(codebase: CodebaseInfo, method: string, path: string): CodeOperation | undefined {
  const wanted = segments(path);
  const matches = codebase.operations.flatMap((one) => {
    const [verb = '', pattern = ''] = one.operation.split(' ');
    if ((verb !== method && verb !== 'ALL') || !pattern.startsWith('/')) return [];
    const score = matchSegments(segments(pattern), wanted);
    return score === undefined ? [] : [{ one, score }];
  });
  return matches.sort((a, b) => b.score - a.score)[0]?.one;
}

function segments(path: string): string[] {
  return (path.split('?')[0] ?? '').split('/').filter((part) => part !== '');
}

/** Number of literally equal segments; undefined where the path does not fit the pattern. */
function matchSegments(pattern: readonly string[], path: readonly string[]): number | undefined {
  if (pattern.length !== path.length) return undefined;
  let equal = 0;
  for (const [position, part] of pattern.entries()) {
    if (part === path[position]) equal += 1;
    else if (!isParameter(part)) return undefined;
  }
  return equal;
}

function isParameter(segment: string): boolean {
  return /^(?::|\*|\{.*\}$|\[.*\]$|<.*>$|\$)/.test(segment);
}
