import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HandlerParts, loadHandlers } from '@selfheal/handlers';
import { indexCodebase, readSnapshot } from '@selfheal/repair';
import { openLogSources } from '@selfheal/telemetry';
import { createSelfHealing, type SelfHealing, type TelemetrySnapshot } from 'selfheal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PRICES = `import { notFound } from './not-found.js';
import { catalogue } from './catalogue.js';

export function lookup(sku) {
  const product = catalogue.find((one) => one.sku === sku);
  return product.price * 100;
}
`;
const START = Date.parse('2026-03-02T10:00:00.000Z');

/** A till's log: `slow` of 200 calls take 900 ms, one fails. */
function tillLog(slow: number): string {
  const lines = Array.from({ length: 200 }, (_, index) => {
    const stamp = new Date(START + index * 250).toISOString();
    return `[T-${1 + (index % 3)}] ${stamp} price.lookup <sku=AB-${index},qty=2> ok ${index < slow ? 900 : 10 + (index % 5)}ms`;
  });
  const fault =
    "[T-2] 2026-03-02T10:01:00.000Z price.lookup <sku=ZZ-9> FAULT 3ms TypeError: Cannot read properties of undefined (reading 'price') @ src/prices.js:6:18";
  return `${[...lines, fault].join('\n')}\n`;
}

describe('the example plugin', () => {
  let root: string;
  let healing: SelfHealing;
  let handlers: Handlers;
  beforeEach(async () => {
    root = tillRepository();
    healing = await createSelfHealing({ repo: root });
    handlers = await loadAll({
      detectors: healing.plugins.flatMap(({ detectors = [] }) => detectors),
      fixTemplates: healing.plugins.flatMap(({ fixTemplates = [] }) => fixTemplates),
    });
  });
  afterEach(async () => {
    await healing.stop();
    rmSync(root, { recursive: true, force: true });
  });

  /** What the handlers make of a till's log with the plugin's reader. */
  async function snapshotOf(log: string): Promise<TelemetrySnapshot> {
    writeFileSync(join(root, 'till.log'), log);
    const { id: projectId, config } = healing.project;
    const sources = openLogSources({
      journalDir: join(root, '.selfheal/journal'),
      records: healing.records,
      projectRoot: root,
      config,
      readers: healing.plugins.flatMap(({ readers = [] }) => readers),
    });
    const { signal } = new AbortController();
    const { segments } = await sources.pull({ projectId, paths: ['till.log'], maxBytes: 1_000_000, signal });
    const { events, formats } = await sources.extract(segments, signal);
    expect(formats).toEqual({ till: log.trim().split('\n').length });
    const normal = handlers.normalizeTelemetryData({ events, miner: { version: 1, templates: [] } });
    const { slices } = handlers.aggregateTelemetryMetrics({ events: normal.events });
    const window = { from: START, to: START + 3_600_000 };
    return {
      projectId,
      now: window.to,
      window,
      releases: [{ name: '', firstSeen: window.from, lastSeen: window.to, events: events.length }],
      slices,
      flows: [],
      budgets: {},
      baselines: [],
      declaredFlows: [],
      learnedFlows: [],
      codeOperations: [],
      thresholds: {},
      policy: { coverage: 'find' },
    };
  }

  it('is loaded by the path in the configuration', () => {
    expect(healing.plugins.map(({ name }) => name)).toEqual(['tills']);
  });

  it('reads the tills’ own log: calls, durations, inputs, errors mapped to the repository', async () => {
    const { slices } = await snapshotOf(tillLog(0));
    const calls = slices.flatMap(({ operations }) => operations).filter(({ operation }) => operation === 'price.lookup');
    expect(calls.reduce((sum, { count }) => sum + count, 0)).toBe(201);
    expect(calls.flatMap((stats) => stats.calls)).toContainEqual(
      expect.objectContaining({ outcome: 'ok', input: { sku: expect.any(String), qty: 2 } }),
    );
    const [error] = slices.flatMap(({ errors }) => errors);
    expect(error).toMatchObject({ type: 'TypeError', count: 1, frames: [{ file: 'src/prices.js', line: 6, inApp: true }] });
  });

  it('sees a long tail, and none where there is none', async () => {
    const long = handlers.detectPerformanceAnomalies({ snapshot: await snapshotOf(tillLog(10)) });
    expect(long.anomalies.filter(({ detector }) => detector === 'till-tail')).toEqual([
      expect.objectContaining({ place: { operation: 'price.lookup' }, title: expect.stringContaining('long tail'), finding: false }),
    ]);
    expect(long.anomalies[0]?.evidence[0]?.text).toContain('price.lookup');
  });

  it('finds no tail in even times', async () => {
    const even = handlers.detectPerformanceAnomalies({ snapshot: await snapshotOf(tillLog(0)) });
    expect(even.anomalies).toEqual([]);
    expect(even.notes).toEqual([]);
  });

  it('proposes the house’s own fix for the error of the log, beside the built-in ones', async () => {
    const { anomalies } = handlers.detectErrorPatterns({ snapshot: await snapshotOf(tillLog(0)) });
    const sources = await readSnapshot({ root, commit: 'HEAD' });
    const codebase = indexCodebase(sources, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [] });
    const [analysis] = handlers.analyzeErrorIssues({ anomalies, codebase, sources }).issues;
    expect(analysis?.rootCause).toMatchObject({ category: 'null-access', location: { file: 'src/prices.js', line: 6 } });
    const { policy } = healing.project.config;
    const diagnosis = diagnosisOf(analysis);
    const { candidates } = handlers.generateCodeFix({ diagnosis, codebase, sources, priors: [], policy });
    expect(candidates.find(({ template }) => template === 'tills-not-found')?.edits).toEqual([
      {
        file: 'src/prices.js',
        search: '  return product.price * 100;',
        replace: "  if (product == null) throw notFound('product');\n  return product.price * 100;",
      },
    ]);
    expect(candidates.some(({ template }) => template !== 'tills-not-found')).toBe(true);
  });
});

/** A service of tills whose configuration names the plugin by its path. */
function tillRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'selfheal-tills-'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src/prices.js'), PRICES);
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'tills', type: 'module', scripts: { test: 'node --test' } }));
  writeFileSync(join(root, 'selfheal.config.json'), JSON.stringify({ plugins: [join(import.meta.dirname, 'index.ts')] }));
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'Look prices up');
  return root;
}

type Handlers = Awaited<ReturnType<typeof loadAll>>;
type Diagnosis = Parameters<Handlers['generateCodeFix']>[0]['diagnosis'];

/** The handlers from the log to the fix. */
async function loadAll(parts: HandlerParts) {
  return {
    ...(await loadHandlers['telemetry.parse'](parts)),
    ...(await loadHandlers['anomaly.detect'](parts)),
    ...(await loadHandlers['diagnosis.analyze'](parts)),
    ...(await loadHandlers['fix.generate'](parts)),
  };
}

/** The diagnosis as diagnosis.analyze would store it. */
function diagnosisOf(analysis: Diagnosis['analysis'] | undefined): Diagnosis {
  if (analysis === undefined) throw new Error('the error was not diagnosed');
  const affected = { functions: [], callers: [], routes: [], sequences: [] };
  return {
    id: 'd1',
    projectId: 'tills',
    incidentId: 'i1',
    anomalyId: analysis.anomalyId,
    type: 'error',
    commit: 'HEAD',
    analysis,
    impact: { severity: 'high', affected, affectedCalls: 1 },
    recommendations: [],
    confidence: analysis.rootCause.confidence,
    createdAt: START,
  };
}
