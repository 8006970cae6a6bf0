import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileCoverage } from '@selfheal/contracts';
import type { CoverageMapData } from 'istanbul-lib-coverage';
import { z } from 'zod';
import type { RepositoryCheckout } from '../checkout/checkout.ts';
import { toFileCoverage } from './file-coverage.ts';
import { mapScripts, type RanScript } from './map-scripts.ts';

/** What only serves tests. */
const TEST_FOLDER = /(^|\/)(tests?|__tests__|specs?|__mocks__|__fixtures__)\//;

const range = z.object({ startOffset: z.int(), endOffset: z.int(), count: z.int() });
const ranScripts = z.array(
  z.object({
    url: z.string(),
    source: z.string(),
    sourceMapURL: z.string(),
    functions: z.array(z.object({ functionName: z.string(), isBlockCoverage: z.boolean(), ranges: z.array(range) })),
  }),
);

/**
 * Reads the coverage that a run left in `folder`: our collector's files, or jest's own istanbul JSON. Source files of the repository
 * that no test loaded are there with all their lines at zero; tests, packages and files outside the repository are left out.
 */
export async function readCoverage(folder: string, checkout: RepositoryCheckout, tests: ReadonlySet<string>): Promise<FileCoverage[]> {
  const maps: CoverageMapData[] = [];
  const scripts: RanScript[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.json')) continue;
    const value: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const parsed = ranScripts.safeParse(value);
    if (parsed.success) scripts.push(...parsed.data);
    else if (name === 'coverage-final.json') maps.push(istanbulMap.parse(value));
  }
  maps.push(...(await mapScripts(scripts, checkout.path)));
  const loaded = toFileCoverage(maps, checkout.path).filter(
    ({ path }) => checkout.holds(path) && !tests.has(path) && !TEST_FOLDER.test(path),
  );
  // Loaded when it is needed: with it comes the compiler.
  const { untouchedFiles } = await import('./untouched.ts');
  return [...loaded, ...(await untouchedFiles(checkout, new Set([...tests, ...loaded.map(({ path }) => path)])))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

const place = z.object({
  line: z.int(),
  column: z
    .number()
    .nullable()
    .transform((column) => column ?? Number.MAX_SAFE_INTEGER),
});
const span = z.object({ start: place, end: place });
const looseSpan = z.object({ start: place.partial(), end: place.partial() }).transform(({ start, end }) => ({
  start: { line: start.line ?? 0, column: start.column ?? 0 },
  end: { line: end.line ?? 0, column: end.column ?? 0 },
}));
const istanbulMap = z.record(
  z.string(),
  z.object({
    path: z.string(),
    statementMap: z.record(z.string(), span),
    fnMap: z.record(z.string(), z.object({ name: z.string(), decl: span, loc: span, line: z.int().default(0) })),
    branchMap: z.record(z.string(), z.object({ type: z.string(), loc: span, locations: z.array(looseSpan), line: z.int().default(0) })),
    s: z.record(z.string(), z.number()),
    f: z.record(z.string(), z.number()),
    b: z.record(z.string(), z.array(z.number())),
  }),
);
