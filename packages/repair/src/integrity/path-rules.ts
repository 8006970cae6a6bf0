import { posix } from 'node:path';
import type { IntegrityViolation, SelfhealConfig } from '@selfheal/contracts';

/** What a path may be touched for. */
export type PathKind = 'test' | 'production' | 'documentation';

const RUNNER_CONFIG =
  /(^|\/)(vitest|vite|jest|karma|playwright|cypress|ava|nyc|c8|babel|swc|node)\.(config|setup|workspace|projects|json)([.-][^/]*)?$|(^|\/)\.(mocharc|nycrc|c8rc|babelrc|swcrc|taprc)(\.[^/]*)?$|(^|\/)(tsconfig[^/]*|jsconfig)\.json$|(^|\/)(jest|vitest|mocha|test)[.-]?(setup|global-setup|preset|environment|reporter)\.[cm]?[jt]sx?$/i;

/** Files that decide what is built, run, checked or shipped: never touched by a patch. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/^\.(github|gitlab|circleci|buildkite|ci|drone|woodpecker|azure|teamcity)(\/|$)/i, 'CI configuration'],
  [
    /(^|\/)(\.gitlab-ci|\.travis|\.drone|azure-pipelines|bitbucket-pipelines|appveyor|cloudbuild|buildspec|codecov|renovate|dependabot)\.(ya?ml|json)$/i,
    'CI configuration',
  ],
  [/(^|\/)(jenkinsfile|makefile|justfile|procfile|earthfile|taskfile\.ya?ml)$/i, 'build or CI script'],
  [/(^|\/)(package-lock|npm-shrinkwrap)\.json$|(^|\/)(yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock)$/i, 'lockfile'],
  [
    /(^|\/)(\.npmrc|\.yarnrc[^/]*|\.pnpmfile\.c?js|pnpm-workspace\.yaml|bunfig\.toml|\.nvmrc|\.node-version|\.tool-versions)$/i,
    'package manager configuration',
  ],
  [
    /(^|\/)(\.husky|\.githooks|hooks-enabled|\.yarn|\.pnp[^/]*)(\/|$)|(^|\/)(\.?lefthook|\.pre-commit-config)[^/]*$|(^|\/)\.(simple-git-hooks|lintstagedrc)[^/]*$/i,
    'git hooks',
  ],
  [/(^|\/)([^/]*\.)?(dockerfile|containerfile)(\.[^/]*)?$|(^|\/)(docker-)?compose[^/]*\.ya?ml$|(^|\/)\.dockerignore$/i, 'container build'],
  [/(^|\/)\.git(\/|$)|(^|\/)\.git(modules|attributes|ignore)$/i, 'git configuration'],
  [/(^|\/)\.env(\.[^/]*)?$/i, 'environment'],
  [/(^|\/)node_modules(\/|$)/i, 'installed dependency'],
  // A runner takes such a file instead of the module of its name, in all tests.
  [/(^|\/)__mocks__(\/|$)/i, 'a stand-in for a module in all tests'],
  [/(^|\/)(selfheal\.config\.[^/]+|\.selfheal(\/.*)?)$/i, 'configuration of selfheal'],
  [/(^|\/)(\.?eslint[^/]*|\.prettierrc[^/]*|prettier\.config[^/]*|biome\.jsonc?|\.stylelintrc[^/]*)$/i, 'lint configuration'],
  [/(^|\/)codeowners$/i, 'ownership of code'],
  [/\.(sh|bash|ps1|bat|cmd|ya?ml|toml|tf)$/i, 'script or configuration'],
];

const BINARY = /\.(png|jpe?g|gif|webp|ico|pdf|zip|gz|tgz|tar|wasm|node|so|dylib|dll|exe|bin|woff2?|ttf|jar|class|mp[34]|sqlite|db)$/i;
const TEST = /(^|\/)(tests?|__tests__|spec|specs|__mocks__|e2e)\/|[._-](test|spec)\.[cm]?[jt]sx?$/i;
const DOCUMENTATION = /\.(md|mdx|txt|rst|adoc)$|(^|\/)(changelog|changes|history|news)(\.[^/]*)?$/i;

export function pathKind(path: string, testFiles: readonly string[]): PathKind {
  if (DOCUMENTATION.test(path)) return 'documentation';
  return testFiles.includes(path) || TEST.test(path) ? 'test' : 'production';
}

export interface PathPolicy {
  readonly policy: SelfhealConfig['policy'];
  readonly allowedFiles: readonly string[];
  readonly testFiles: readonly string[];
  readonly symlinks: readonly string[];
}

/** Every reason why this path must not be touched, whatever the edit says. */
export function pathViolations(path: string, { policy, allowedFiles, testFiles, symlinks }: PathPolicy): IntegrityViolation[] {
  const violation = (rule: IntegrityViolation['rule'], detail: string) => ({ rule, file: path, detail });
  if (!isPlainRelative(path)) return [violation('forbidden-path', 'the path is not a plain path within the repository')];
  if (symlinks.some((link) => path === link || path.startsWith(`${link}/`)))
    return [violation('symlink', 'the path is, or leads through, a symbolic link')];
  if (BINARY.test(path)) return [violation('binary', 'a binary file')];
  if (RUNNER_CONFIG.test(path)) return [violation('runner-config', 'configuration of the test runner or compiler')];
  const forbidden = FORBIDDEN.find(([pattern]) => pattern.test(path));
  if (forbidden) return [violation('forbidden-path', forbidden[1])];
  if (policy.forbidden.some((glob) => posix.matchesGlob(path, glob))) return [violation('forbidden-path', 'the policy forbids it')];
  const kind = pathKind(path, testFiles);
  if (kind === 'production' && policy.allowed.length > 0 && !policy.allowed.some((glob) => posix.matchesGlob(path, glob))) {
    return [violation('forbidden-path', 'not among the paths that the policy allows')];
  }
  if (kind === 'production' && !allowedFiles.includes(path))
    return [violation('outside-diagnosis', 'the diagnosis does not name this file')];
  return [];
}

function isPlainRelative(path: string): boolean {
  // A name like `C:` or one with a backslash or control character means something else on another system, or hides itself in a listing.
  if (path === '' || path.startsWith('/') || /[\\:\p{Cc}\p{Cf}]/u.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
