import {
  type Checkout,
  type CodebaseInfo,
  DEFAULT_TEST_COMMAND,
  type Edit,
  type Patch,
  type Sandbox,
  type TestRunner,
} from '@selfheal/contracts';

export interface Trees {
  readonly base: string;
  readonly head: string;
}

/** The repository's runner; where it has none, the one that the new test was written for. */
export function runnerOf(codebase: CodebaseInfo, patch: Patch): TestRunner {
  const own = codebase.runner;
  if (own !== undefined) return own;
  return { name: patch.test.runner, command: DEFAULT_TEST_COMMAND[patch.test.runner], testFiles: [patch.test.file] };
}

/** The base with the new test and nothing else of the patch. */
export async function checkoutBase(sandbox: Sandbox, patch: Patch, trees: Trees): Promise<Checkout> {
  return checkoutWith(sandbox, trees.base, patch.test.edits);
}

/**
 * The patched tree. Tests and the runner's configuration are always those of the base plus the new test: where the patch touches
 * others, these edits are left out of what is run.
 */
export async function checkoutHead(sandbox: Sandbox, patch: Patch, trees: Trees, runner: TestRunner): Promise<Checkout> {
  const guarded = guardedFiles(runner);
  const ownTest = new Set(patch.test.edits.map(keyOf));
  const kept = patch.edits.filter((edit) => !guarded.has(edit.file) || ownTest.has(keyOf(edit)));
  return kept.length === patch.edits.length ? sandbox.checkout(trees.head) : checkoutWith(sandbox, trees.base, kept);
}

/** The patched tree without the new test. */
export async function checkoutCode(
  sandbox: Sandbox,
  patch: Pick<Patch, 'edits' | 'test'>,
  trees: Trees,
  runner: TestRunner,
): Promise<Checkout> {
  const guarded = guardedFiles(runner);
  const ownTest = new Set(patch.test.edits.map(keyOf));
  const code = patch.edits.filter((edit) => !guarded.has(edit.file) && !ownTest.has(keyOf(edit)));
  return checkoutWith(sandbox, trees.base, code);
}

/** What tells which tests run, and the tests themselves. */
function guardedFiles(runner: TestRunner): Set<string> {
  const configured = [runner, ...(runner.members ?? [])].flatMap(({ configFile }) => configFile ?? []);
  const manifests = (runner.members ?? []).map(({ folder }) => `${folder}/package.json`);
  return new Set([...runner.testFiles, ...configured, ...manifests, 'package.json']);
}

async function checkoutWith(sandbox: Sandbox, commit: string, edits: readonly Edit[]): Promise<Checkout> {
  const checkout = await sandbox.checkout(commit);
  try {
    await checkout.apply(edits);
    return checkout;
  } catch (error) {
    await checkout[Symbol.asyncDispose]();
    throw error;
  }
}

function keyOf({ file, search, replace }: Edit): string {
  return JSON.stringify([file, search, replace]);
}
