import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { addDependency, type NewDependency, type Workspace } from '@selfheal/build';
import { decided, noIdea } from '../../remediation/proposers/answers.ts';
import type { BuildFailure, BuildProposer } from './build-failure.ts';
import type { HealingTree } from './healing-tree.ts';
import { textEdits } from './text-edits.ts';

/** How Node, TypeScript, Vite, Rollup, webpack, esbuild and jest say that a module is not there. */
const MISSING = [
  /Cannot find (?:module|package) ['"]([^'"]+)['"]/g,
  /Could not resolve ['"]([^'"]+)['"]/g,
  /(?:Module not found: )?(?:Error: )?Can't resolve ['"]([^'"]+)['"]/g,
  /[Ff]ailed to resolve (?:import|entry for package) ['"]([^'"]+)['"]/g,
];
const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const OF_TESTS = /(?:^|\/)(?:tests?|__tests__|e2e)\/|[._-](?:test|spec)\.[cm]?[jt]sx?|\.config\.[cm]?[jt]s/;

/**
 * A module that is imported and not declared: the manifest gets it, where the workspace has a package of that name, or another package of
 * the workspace declares it. Nothing is taken from a registry on the word of an error message.
 */
export const proposeDependency: BuildProposer = (tree, failure) => ({
  name: 'missing-dependency',
  async propose() {
    const { task, log } = failure;
    const names = missingPackages(log);
    if (names.length === 0) return noIdea('it misses no module');
    const { workspace } = await tree.plan();
    const file = posix.join(task.directory, 'package.json');
    const manifest = (await tree.read(file)) ?? '{}';
    const declared = new Set(Object.keys(rangesOf(manifest)));
    const found: NewDependency[] = [];
    for (const name of names.filter((one) => !declared.has(one) && one !== task.packageName)) {
      const range = await knownRange(tree, workspace, name);
      if (range !== undefined) found.push({ name, range, field: fieldFor(name, failure) });
    }
    if (found.length === 0) return noIdea(`nothing in the workspace says which ${names.join(', ')} is meant`);
    let after = manifest;
    for (const one of found) after = await addDependency(after, one);
    const told = found.map(({ name, range }) => `${name} (${range})`).join(', ');
    const edits = textEdits(file, manifest, after);
    return decided('missing-dependency', {
      decision: 'RETRY',
      reasoning: `it imports ${told} and does not declare it`,
      confidence: 0.8,
      edits,
    });
  },
});

function missingPackages(log: string): readonly string[] {
  // A package that is linked and not built yet is named by the file that is missing in it.
  const modules = MISSING.flatMap((shape) => [...log.matchAll(shape)].map(([, name = '']) => name.replace(/^.*\/node_modules\//, '')));
  const packages = modules.filter((name) => /^(?:@[\w.-]+\/)?[\w.-]+(?:\/|$)/.test(name) && !/^[./]/.test(name) && !isBuiltin(name));
  return [...new Set(packages.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')))];
}

async function knownRange(tree: HealingTree, { packages, packageManager }: Workspace, name: string): Promise<string | undefined> {
  for (const { directory } of packages) {
    const range = rangesOf((await tree.read(posix.join(directory, 'package.json'))) ?? '{}')[name];
    if (range !== undefined) return range;
  }
  if (!packages.some((one) => one.name === name)) return undefined;
  return packageManager === 'pnpm' ? 'workspace:*' : '*';
}

function fieldFor(name: string, { task, log }: BuildFailure): NewDependency['field'] {
  const lines = log.split('\n').filter((line) => line.includes(name));
  const onlyTests = task.task.startsWith('test') || (lines.length > 0 && lines.every((line) => OF_TESTS.test(line)));
  return onlyTests || name.startsWith('@types/') ? 'devDependencies' : 'dependencies';
}

/** Ranges by name, of all fields. */
function rangesOf(manifest: string): Readonly<Record<string, string>> {
  const read: unknown = JSON.parse(manifest);
  if (!isRecord(read)) return {};
  const all = FIELDS.flatMap((field) => {
    const ranges = read[field];
    return isRecord(ranges) ? Object.entries(ranges) : [];
  });
  return Object.fromEntries(all.flatMap(([name, range]) => (typeof range === 'string' ? [[name, range]] : [])));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
