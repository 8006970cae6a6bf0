import { tryGit } from '@selfheal/repository';
import type { Repository } from '../git/repository.ts';
import { contains } from '../merge/merge-trees.ts';

const SHA = /^[0-9a-f]{7,64}$/i;
/** `git describe`: tag, commits since, abbreviated sha. */
const DESCRIBED = /-\d+-g([0-9a-f]{7,64})$/i;
/** Build metadata of a semantic version, when it is a sha: `1.5.0+3f2c1ab`. */
const BUILD = /\+(?:sha\.?|g)?([0-9a-f]{7,64})$/i;

/**
 * Whether a release as telemetry names it holds the commit: a sha or its beginning, a tag, a version named like a tag (`1.5.0` and `v1.5.0`,
 * also after `name@`). Undefined where the name means nothing to git. The name is hostile input: it never reaches git as a revision
 * expression or an option.
 */
export async function releaseContains(repository: Repository, release: string, commit: string): Promise<boolean | undefined> {
  for (const revision of revisions(release.trim())) {
    const resolved = await tryGit(repository.root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
    if (resolved !== undefined) return contains(repository, resolved, commit);
  }
  return undefined;
}

function revisions(release: string): string[] {
  const name = release.slice(release.lastIndexOf('@') + 1);
  const version = name.replace(/^v(?=\d)/i, '');
  const tags = [release, name, `v${version}`, version].filter(isTagName).map((tag) => `refs/tags/${tag}`);
  const shas = [name, DESCRIBED.exec(name)?.[1], BUILD.exec(name)?.[1]].filter((sha) => sha !== undefined && SHA.test(sha));
  return [...new Set([...tags, ...shas.filter((sha) => sha !== undefined)])];
}

function isTagName(text: string): boolean {
  return text.length > 0 && text.length < 200 && /^[\w.+/-]+(@[\w.+/-]+)?$/.test(text) && !text.includes('..') && !text.startsWith('-');
}
