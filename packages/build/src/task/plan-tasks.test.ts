import { buildConfig } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import type { Workspace } from '../workspace/workspace.ts';
import { filterPackages } from './filter-packages.ts';
import { planTasks } from './plan-tasks.ts';

const workspace = (links: Readonly<Record<string, readonly string[]>>, scripts = { build: 'tsc', test: 'vitest' }): Workspace => ({
  packageManager: 'npm',
  packages: Object.entries(links).map(([name, needed]) => ({
    name,
    directory: `packages/${name}`,
    scripts,
    links: needed.map((other) => ({ name: other, field: 'devDependencies' })),
  })),
});

const rulesOf = (tasks: unknown) => buildConfig.parse({ tasks }).tasks;

const CHAIN = workspace({ app: ['lib'], lib: ['base'], base: [], '@x/docs': [] });

describe('planTasks', () => {
  test('builds what is depended on first', () => {
    const { tasks, graph } = planTasks(CHAIN, {}, { tasks: ['build'], packages: ['lib'] });
    expect(graph.ids.toSorted()).toEqual(['base#build', 'lib#build']);
    expect(tasks.get('lib#build')).toMatchObject({ command: 'tsc', dependsOn: ['base#build'], directory: 'packages/lib' });
  });

  test('follows rules: own tasks, those upstream, one of another package, one package alone', () => {
    const rules = rulesOf({
      test: { dependsOn: ['build', '@x/docs#check'] },
      build: { dependsOn: ['^build'], outputs: ['dist/**'] },
      'base#build': { dependsOn: [], command: 'make' },
      check: { dependsOn: [], command: 'true' },
    });
    const { tasks } = planTasks(CHAIN, rules, { tasks: ['test'], packages: ['lib'] });
    expect([...tasks.keys()].toSorted()).toEqual(['@x/docs#check', 'base#build', 'lib#build', 'lib#test']);
    expect(tasks.get('lib#test')?.dependsOn).toEqual(['lib#build', '@x/docs#check']);
    expect(tasks.get('base#build')).toMatchObject({ command: 'make', outputs: [] });
  });

  test('passes through packages that have no such script', () => {
    const mixed = workspace({ app: ['lib'], lib: [] });
    const [app, lib] = mixed.packages;
    if (app === undefined || lib === undefined) throw new TypeError('two packages');
    const { tasks } = planTasks({ ...mixed, packages: [app, { ...lib, scripts: {} }] }, {}, { tasks: ['build'], packages: ['app'] });
    expect(tasks.get('lib#build')?.command).toBeUndefined();
  });

  test.each([
    ['an unknown script', CHAIN, {}, 'bild', /no package has a script "bild"; there are build, test/],
    ['a package that is not there', CHAIN, { build: { dependsOn: ['gone#build'] } }, 'build', /no package is named "gone"/],
  ])('refuses %s', (_what, of, rules, task, message) => {
    expect(() => planTasks(of, rulesOf(rules), { tasks: [task], packages: ['app'] })).toThrow(message);
  });

  test('tells a cycle, what to cut and where that is written', () => {
    const circle = workspace({ a: ['b'], b: ['c'], c: ['a', 'b'] });
    expect(() => planTasks(circle, {}, { tasks: ['build'], packages: ['a'] })).toThrow(
      /b#build → c#build → b#build.*b#build on c#build \(packages\/b\/package\.json, devDependencies\.c\)/,
    );
  });
});

describe('filterPackages', () => {
  test.each([
    [[], ['app', 'lib', 'base', '@x/docs']],
    [['lib'], ['lib']],
    [['lib...'], ['lib', 'base']],
    [['...lib'], ['app', 'lib']],
    [['@x/*'], ['@x/docs']],
    [['./packages/base'], ['base']],
    [['!lib'], ['app', 'base', '@x/docs']],
    [
      ['app...', '!base'],
      ['app', 'lib'],
    ],
  ])('%j', (filters, expected) => {
    expect(filterPackages(CHAIN, filters)).toEqual(expected);
  });

  test('refuses what matches nothing', () => {
    expect(() => filterPackages(CHAIN, ['nobody'])).toThrow(/no package matches "nobody"; there are app, lib/);
  });
});
