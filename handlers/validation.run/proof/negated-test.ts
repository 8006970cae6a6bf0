import type { Checkout, Patch, Sandbox, TestRunner } from '@selfheal/contracts';
import { negateAssertions } from '@selfheal/sandbox/mutants';

/**
 * Runs the new test on the patched code with every assertion turned into its opposite and gives the titles that pass all the same: these
 * owe their result to something else than what they assert. Code that replaces assertions or forges reports cannot tell such a run from the
 * real one, as file and titles are the same. Empty where the test asserts in no way that we know.
 */
export async function passingNegated(
  sandbox: Sandbox,
  checkout: Checkout,
  runner: TestRunner,
  { test }: Patch,
  signal: AbortSignal,
): Promise<string[]> {
  const text = await checkout.read(test.file);
  const negated = text === undefined ? undefined : negateAssertions(test.file, text);
  if (text === undefined || negated === undefined) return [];
  await checkout.apply([{ file: test.file, search: text, replace: negated }]);
  try {
    const { results } = await sandbox.runTests(checkout, runner, { files: [test.file], plant: false, signal });
    const passed = results.filter((result) => result.file === test.file && result.status === 'passed').map(({ title }) => title);
    return test.titles.filter((title) => passed.includes(title));
  } finally {
    await checkout.apply([{ file: test.file, search: negated, replace: text }]);
  }
}
