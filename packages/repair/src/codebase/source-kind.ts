/** What a file of a watched repository is to us, judged by its path alone. */
export type SourceKind = 'source' | 'test' | 'declaration' | 'config' | 'json' | 'text' | 'vendored' | 'other';

const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
/** A folder `vendor` deeper down may well be the supplier of some shop. */
const VENDORED =
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|third[_-]party|\.yarn)\/|^vendor\/|\/(?:public|assets|static|js)\/vendor\//;
const GENERATED =
  /(?:^|\/)(?:dist|coverage|\.next|\.nuxt|\.output|\.svelte-kit|\.turbo|\.cache|\.git|\.selfheal)\/|\.(?:min|bundle)\.[cm]?js$/;
const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|__mocks__|__fixtures__|fixtures?|cypress|testing|test-d|benchmarks?)\//i;
const TEST_FILE = /(?:[._-](?:test|spec|e2e|bench|cy)|(?:^|\/)(?:test|tests|spec))\.[cm]?[jt]sx?$/i;
const CONFIG_FILE =
  /(?:^|\/)(?:[^/]+\.config\.[cm]?[jt]s|\.[^/]*rc\.[cm]?[jt]s|gruntfile\.[cm]?js|gulpfile\.[cm]?[jt]s|\.pnp\.[cm]?js)$|(?:^|\/)\.[^/]+\//i;
const LOCK_FILE = /(?:^|\/)(?:package-lock|npm-shrinkwrap|composer\.lock|tsconfig\.tsbuildinfo)\.json$/;

/** The kind of the file at a path relative to the repository, with POSIX separators. */
export function sourceKind(path: string): SourceKind {
  if (VENDORED.test(path) || GENERATED.test(path)) return 'vendored';
  if (/\.d\.[cm]?ts$/.test(path)) return 'declaration';
  if (CODE.test(path)) {
    if (TEST_FOLDER.test(path) || TEST_FILE.test(path)) return 'test';
    return CONFIG_FILE.test(path) ? 'config' : 'source';
  }
  if (path.endsWith('.json') && !LOCK_FILE.test(path)) return 'json';
  if (/\.mdx?$/i.test(path) || /(?:^|\/)(?:changelog|changes|history|readme)(?:\.txt)?$/i.test(path)) return 'text';
  return 'other';
}

/** Production code: the only kind of file that may ever become the place of a fault in code. */
export function isProductionSource(path: string): boolean {
  return sourceKind(path) === 'source' && !path.startsWith('/') && !path.split('/').includes('..');
}
