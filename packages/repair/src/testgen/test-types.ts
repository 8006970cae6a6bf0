import type { RegressionTest } from '@selfheal/contracts';
import { applyEdits, type Files } from '../patch/apply-edits.ts';
import { TypeCheck } from '../patch/check-types.ts';
import type { TestPlan } from './test-plan.ts';

/** Keeps tests in TypeScript such that they type-check: a repository may check the types of its tests before it merges. */
export class TestTypes {
  readonly #files: Files;
  /** Whether the arguments of a call fit, by the line that makes the call: several tests of one fault share it. */
  readonly #fits = new Map<string, boolean>();
  #check: TypeCheck | undefined;

  constructor(files: Files) {
    this.#files = files;
  }

  /** The test as planned, or with its arguments cast where their types are not those declared. */
  fitting(plan: TestPlan, render: (plan: TestPlan) => RegressionTest): RegressionTest {
    const test = render(plan);
    const { castBody } = plan;
    if (!castBody || this.#typed(test, castBody.join('\n'))) return test;
    return render({ ...plan, body: castBody });
  }

  #typed(test: RegressionTest, key: string): boolean {
    const known = this.#fits.get(key);
    if (known !== undefined) return known;
    this.#check ??= new TypeCheck(this.#files);
    const fits = this.#check.newFaults(applyEdits(this.#files, test.edits), [test.file]).length === 0;
    this.#fits.set(key, fits);
    return fits;
  }
}
