/** What several domain packages need and none of them owns. */
const SHARED = ['build-graph', 'redaction', 'repository', 'statistics'];
const DOMAIN = ['telemetry', 'anomaly', 'repair', 'sandbox', 'forge', 'ai', 'build', 'store'];
const ABOVE_SELFHEAL = ['server', 'console', 'cli'];

/**
 * The layers: the units that each unit may import. A unit that is not here has no place yet, and the check says so.
 * `everything` is for what stands above all: it may import any unit but those named.
 */
const ALLOWED: Readonly<Record<string, readonly string[] | { readonly everythingBut: readonly string[] }>> = {
  contracts: [],
  sequences: ['contracts'],
  redaction: ['contracts'],
  repository: ['contracts'],
  statistics: [],
  // Pure, so that the in-process build and the build workflow share one schedule.
  'build-graph': [],
  ...Object.fromEntries(DOMAIN.map((unit) => [unit, ['contracts', ...SHARED]])),
  // Loaded into the watched service: the redaction takes types alone of contracts, so nothing else comes with it.
  recorder: ['contracts', 'redaction'],
  testkit: ['contracts'],
  'json-sequences': [],
  handlers: ['contracts', ...SHARED, ...DOMAIN],
  temporal: ['build-graph', 'contracts', 'sequences'],
  selfheal: { everythingBut: [...ABOVE_SELFHEAL, 'testkit', 'scripts', 'docs', 'fixtures'] },
  ...Object.fromEntries(ABOVE_SELFHEAL.map((unit) => [unit, ['selfheal', 'contracts', 'sequences']])),
  // The watched service knows nothing of selfheal.
  fixtures: [],
  docs: ['selfheal', 'contracts'],
  scripts: { everythingBut: ['docs'] },
};

/** What tests may import besides: the test rigs, and the sequence documents, which are data. */
const ALLOWED_IN_TESTS = ['testkit', 'json-sequences'];
/** The test of the documents compares them with what reads and what runs them; the lake's and the spend's are run on a real store. */
const ALLOWED_IN_TESTS_OF: Readonly<Record<string, readonly string[]>> = {
  'json-sequences': ['contracts', 'sequences', 'handlers'],
  telemetry: ['store'],
  ai: ['store'],
  /** An example is run within the real parts that it extends. */
  docs: ['handlers', 'repair', 'telemetry'],
};

/** Fixtures are no package, so a path is the only way to them; what is published may not need them. */
export function mayReachFixtures(from: string, inTest: boolean): boolean {
  return inTest || from === 'scripts';
}

export function hasLayer(unit: string): boolean {
  return Object.hasOwn(ALLOWED, unit);
}

export function mayImport(from: string, to: string, inTest: boolean): boolean {
  if (from === to) return true;
  if (inTest && (ALLOWED_IN_TESTS.includes(to) || ALLOWED_IN_TESTS_OF[from]?.includes(to))) return true;
  const allowed = ALLOWED[from] ?? [];
  return 'everythingBut' in allowed ? !allowed.everythingBut.includes(to) : allowed.includes(to);
}

/** For messages: `contracts, sequences`, or what it may not. */
export function describeAllowed(unit: string): string {
  const allowed = ALLOWED[unit] ?? [];
  if ('everythingBut' in allowed) return `anything but ${allowed.everythingBut.join(', ')}`;
  return allowed.length === 0 ? 'nothing of ours' : `only ${allowed.join(', ')}`;
}
