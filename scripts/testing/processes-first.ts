import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Of tests that start hundreds of programs: git, or repositories' tests in the sandbox. */
const MANY_PROCESSES =
  /\/(packages\/(forge|sandbox)|packages\/selfheal\/src\/repair|handlers\/(fix\.generate|validation\.run|deployment\.deploy))\//;

/**
 * Runs the tests that start many programs while the workers are young: a fork copies the page tables of its parent, which takes 20 to
 * 70 ms in a worker that has loaded most of the product, and 5 in one that has not.
 */
export default class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const order = ({ project, moduleId }: TestSpecification): [group: number, late: number] => [
      project.config.sequence.groupOrder ?? 0,
      MANY_PROCESSES.test(moduleId) ? 0 : 1,
    ];
    return sorted.sort((a, b) => {
      const [[groupA, lateA], [groupB, lateB]] = [order(a), order(b)];
      return groupA - groupB || lateA - lateB;
    });
  }
}
