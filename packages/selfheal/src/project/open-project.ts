import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type SelfhealConfig, type SelfhealConfigInput, SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';
import { loadSelfhealConfig } from '../config/load-config.ts';
import { excludeFromGit } from './exclude-from-git.ts';

export interface OpenProject {
  readonly id: string;
  readonly name: string;
  readonly root: string;
  readonly dataDir: string;
  readonly config: SelfhealConfig;
  readonly configFile: string | undefined;
}

/**
 * Opens the watched repository: its top folder, its configuration, and the folder of selfheal's own state. That folder is kept out of
 * git through `.git/info/exclude`; no tracked file is touched. Fails with REPO_MISSING, REPO_NO_COMMIT or REPO_NO_PACKAGE.
 */
export async function openProject(request: { repo: string; dataDir?: string; overrides?: SelfhealConfigInput }): Promise<OpenProject> {
  const root = await findRoot(request.repo);
  const { config, file } = await loadSelfhealConfig(root, request.overrides);
  const dataDir = resolve(request.dataDir ?? join(root, '.selfheal'));
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await excludeFromGit(root, dataDir);
  const name = await packageName(root);
  const id = `${name.replaceAll(/[^a-zA-Z0-9-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'repo'}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
  return { id, name, root, dataDir, config, configFile: file };
}

async function findRoot(repo: string): Promise<string> {
  const folder = resolve(repo);
  const real = await realpath(folder).catch(() => {
    throw new SelfhealError('REPO_MISSING', `${folder} does not exist`);
  });
  const git = await execa('git', ['rev-parse', '--is-inside-work-tree'], { cwd: real, reject: false });
  if (git.exitCode !== 0) throw new SelfhealError('REPO_MISSING', `${real} is not a git repository`);
  const head = await execa('git', ['rev-parse', '--verify', 'HEAD'], { cwd: real, reject: false });
  if (head.exitCode !== 0) throw new SelfhealError('REPO_NO_COMMIT', real);
  const top = await execa('git', ['rev-parse', '--show-toplevel'], { cwd: real });
  return realpath(top.stdout.trim());
}

async function packageName(root: string): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => {
    throw new SelfhealError('REPO_NO_PACKAGE', root);
  });
  try {
    const parsed: unknown = JSON.parse(text);
    const name = typeof parsed === 'object' && parsed !== null && 'name' in parsed ? parsed.name : undefined;
    return typeof name === 'string' && name !== '' ? name : basename(root);
  } catch (error) {
    throw new SelfhealError('REPO_NO_PACKAGE', 'package.json is not valid JSON', {
      where: { file: join(root, 'package.json') },
      cause: error,
    });
  }
}
