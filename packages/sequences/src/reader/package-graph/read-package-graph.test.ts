import { expect, test } from 'vitest';
import { interpret } from '../../interpreter/interpret.ts';
import { planOf, readDocument, recorded } from '../../testing/sequence-rig.ts';

const pack = (packageName: string, ...dependencies: string[]) => ({
  packageName,
  packagePath: `packages\\${packageName}`,
  category: 'core',
  dependencies,
});

test('packages are built in dependency order, each with what the document says of it', async () => {
  const built: unknown[] = [];
  const rig = recorded({ handlers: { buildPackage: (input) => void built.push(input) } });
  const plan = planOf({ name: 'Build', maxConcurrent: 4, packages: [pack('app', 'ui', 'react'), pack('ui', 'core'), pack('core')] });
  await interpret(plan, {}, rig.runtime);
  expect(built).toEqual([
    { packageName: 'core', packagePath: 'packages/core', category: 'core', dependencies: [] },
    { packageName: 'ui', packagePath: 'packages/ui', category: 'core', dependencies: ['core'] },
    { packageName: 'app', packagePath: 'packages/app', category: 'core', dependencies: ['ui'] },
  ]);
  expect(plan.movements[0]?.beats).toMatchObject([{ form: 'graph', concurrency: 4 }]);
});

test.each([
  ['a circle', [pack('a', 'b'), pack('b', 'a')], ['error GRAPH_CYCLE packages[0]']],
  ['a package twice', [pack('a'), pack('a')], ['error ID_TWICE packages[1].packageName']],
  ['a package without name', [pack('a'), { packagePath: 'x' }], ['error PROPERTY_MISSING packages[1]']],
  ['a dependency from elsewhere', [pack('a', 'left-pad')], ['info ASSUMED packages[0].dependencies[0]']],
])('%s', (_name, packages, expected) => {
  expect(readDocument({ packages }).diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`)).toEqual(expected);
});

test('a worker that cannot build packages says so', () => {
  expect(readDocument({ packages: [pack('a')] }, { handlers: ['load'] }).diagnostics).toMatchObject([{ code: 'HANDLER_UNKNOWN' }]);
});
