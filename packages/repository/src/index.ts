export { applyEdit, applyEdits } from './edits/apply-edits.ts';
export { requireOwnPath } from './edits/own-path.ts';
export { askGit, type GitAnswer, type GitOptions, git, gitBytes, gitFailed, gitLines, tryGit } from './git/run-git.ts';
