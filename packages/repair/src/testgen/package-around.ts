import { posix } from 'node:path';
import type { CodebaseInfo, MemberRunner, SourceSnapshot, TestRunner } from '@selfheal/contracts';

/** The package of a workspace that a file is in, or the repository as a whole, as far as its tests are concerned. */
export interface PackageFacts {
  /** Relative to the repository; `.` for its top. */
  readonly folder: string;
  readonly runner: TestRunner | MemberRunner | undefined;
  readonly moduleSystem: CodebaseInfo['moduleSystem'];
  /** Whether its runner runs a test at this path. */
  holds(path: string): boolean;
}

/**
 * In a workspace whose packages have runners of their own: the nearest such package around the file, else the one whose name comes
 * first. Elsewhere the repository.
 */
export function packageAround(codebase: CodebaseInfo, sources: SourceSnapshot, file: string): PackageFacts {
  const members = codebase.runner?.members ?? [];
  const around = members.filter(({ folder }) => file.startsWith(`${folder}/`)).sort((a, b) => b.folder.length - a.folder.length);
  const member = around[0] ?? members[0];
  if (member === undefined) {
    return { folder: '.', runner: codebase.runner, moduleSystem: codebase.moduleSystem, holds: () => true };
  }
  const inner = members.filter(({ folder }) => folder.startsWith(`${member.folder}/`));
  const within = (folder: string, path: string) => path.startsWith(`${folder}/`);
  return {
    folder: member.folder,
    runner: member,
    moduleSystem: moduleSystemOf(sources.files[posix.join(member.folder, 'package.json')] ?? ''),
    holds: (path) => within(member.folder, path) && !inner.some(({ folder }) => within(folder, path)),
  };
}

function moduleSystemOf(manifest: string): CodebaseInfo['moduleSystem'] {
  return /"type"\s*:\s*"module"/.test(manifest) ? 'esm' : 'commonjs';
}
