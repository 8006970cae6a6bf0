import { execFileSync } from 'node:child_process';

/** Makes a git repository of a folder, with all that is in it as the first commit on `main`. */
export function initRepository(folder: string): void {
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
}
