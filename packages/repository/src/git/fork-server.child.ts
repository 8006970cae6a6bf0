/** Entry of the fork server: runs git for the process that started it, several at a time, and ends with it. */
import { type GitProcess, runGitProcess } from './git-process.ts';

process.on('message', ({ id, run }: { id: number; run: GitProcess }) => {
  void runGitProcess(run).then((outcome) => {
    if (process.connected) process.send?.({ id, outcome });
  });
});
