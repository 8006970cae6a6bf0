import { fileURLToPath } from 'node:url';
import type { FileCoverage } from '@selfheal/contracts';
import type { CoverageMapData, FileCoverageData } from 'istanbul-lib-coverage';

interface Totals {
  readonly lines: Map<number, number>;
  readonly functions: Map<string, FileCoverage['functions'][number]>;
  readonly branches: Map<string, number>;
}

/**
 * Adds istanbul maps of the same files together, place by place, as two transpilations of a file may number its parts differently.
 * A line is executable where a statement starts; its count is the largest of those.
 */
export function toFileCoverage(maps: readonly CoverageMapData[], root: string): FileCoverage[] {
  const files = new Map<string, Totals>();
  for (const map of maps) {
    for (const [key, value] of Object.entries(map)) {
      const path = (key.startsWith('file:') ? fileURLToPath(key) : key).replace(`${root}/`, '');
      const totals = files.get(path) ?? { lines: new Map(), functions: new Map(), branches: new Map() };
      files.set(path, totals);
      addFile(totals, 'data' in value ? value.data : value);
    }
  }
  return [...files].map(([path, totals]) => ({
    path,
    lines: Object.fromEntries([...totals.lines].sort(([a], [b]) => a - b).map(([line, count]) => [String(line), count])),
    functions: [...totals.functions.values()].sort((a, b) => a.startLine - b.startLine),
    branches: { covered: [...totals.branches.values()].filter((count) => count > 0).length, total: totals.branches.size },
  }));
}

function addFile(totals: Totals, data: FileCoverageData): void {
  const lines = new Map<number, number>();
  for (const [key, { start }] of Object.entries(data.statementMap)) {
    lines.set(start.line, Math.max(lines.get(start.line) ?? 0, data.s[key] ?? 0));
  }
  for (const [line, count] of lines) totals.lines.set(line, (totals.lines.get(line) ?? 0) + count);
  for (const [key, { name, loc, decl }] of Object.entries(data.fnMap)) {
    const place = `${decl.start.line}:${decl.start.column}`;
    const count = (totals.functions.get(place)?.count ?? 0) + (data.f[key] ?? 0);
    totals.functions.set(place, { name, startLine: decl.start.line, endLine: loc.end.line, count });
  }
  for (const [key, { loc, type }] of Object.entries(data.branchMap)) {
    (data.b[key] ?? []).forEach((count, arm) => {
      const place = `${type}:${loc.start.line}:${loc.start.column}:${arm}`;
      totals.branches.set(place, (totals.branches.get(place) ?? 0) + count);
    });
  }
}
