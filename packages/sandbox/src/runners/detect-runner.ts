import { posix } from 'node:path';
import type { MemberRunner, TestRunner } from '@selfheal/contracts';
import { parseDelegation } from './command.ts';
import { candidateLines, commandedRunner, type Detected, detectTestRunner, guessedRunner, readScripts } from './detect.ts';
import { type WorkspacePackage, workspacePackages } from './workspace-packages.ts';

/**
 * The test runner of a repository, or those of its packages where its test command hands the work to them (`pnpm -r test`,
 * `turbo run test`) or where only they have one.
 */
export async function detectRunner(root: string, given?: string): Promise<TestRunner | undefined> {
  const own = await commandedRunner(root, given);
  if (own !== undefined) return own.runner;
  return (await workspaceRunner(root, given)) ?? (await guessedRunner(root))?.runner;
}

async function workspaceRunner(root: string, given: string | undefined): Promise<TestRunner | undefined> {
  const packages = await workspacePackages(root);
  if (packages.length === 0) return undefined;
  const scripts = await readScripts(root);
  const lines = candidateLines(given, scripts);
  const line = lines.find((one) => parseDelegation(one, scripts) !== undefined);
  const delegation = line === undefined ? undefined : parseDelegation(line, scripts);
  const members: MemberRunner[] = [];
  for (const one of namedPackages(packages, delegation?.words ?? [])) {
    const found = await detectTestRunner(posix.join(root, one.folder));
    if (found !== undefined && found.runner.testFiles.length > 0) members.push(inFolder(found, one.folder));
  }
  const [first] = members;
  if (first === undefined) return undefined;
  const groups = [...Map.groupBy(members, ({ name }) => name)].sort(([, a], [, b]) => b.length - a.length);
  return {
    name: groups[0]?.[0] ?? first.name,
    command: line ?? members.map(({ folder, command }) => `(cd ${folder} && ${command})`).join(' && '),
    testFiles: members.flatMap(({ testFiles }) => testFiles).sort(),
    members,
  };
}

/** The packages that the command names, `--filter api` or `-w packages/api`; all where it names none. */
function namedPackages(packages: readonly WorkspacePackage[], words: readonly string[]): readonly WorkspacePackage[] {
  const said = new Set(
    words.map((word) =>
      word
        .replace(/^--?[\w-]+=/, '')
        .replace(/^\.\//, '')
        .replace(/\/$/, ''),
    ),
  );
  const named = packages.filter(({ name, folder }) => said.has(folder) || (name !== undefined && said.has(name)));
  return named.length > 0 ? named : packages;
}

function inFolder({ runner }: Detected, folder: string): MemberRunner {
  const { name, command, configFile } = runner;
  return {
    name,
    command,
    folder,
    testFiles: runner.testFiles.map((file) => posix.join(folder, file)),
    ...(configFile === undefined ? {} : { configFile: posix.join(folder, configFile) }),
  };
}
