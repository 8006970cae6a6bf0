import { posix } from 'node:path';
import type { Diagnostic } from './diagnostics.ts';

export interface FailedTask {
  readonly id: string;
  /** Of the package, relative to the root of the workspace. */
  readonly directory: string;
  readonly error: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** GitHub shows no more than this of one step. */
const MOST = 10;

/**
 * Workflow commands of GitHub Actions for a failed task: one for each error at its place in the file, else one for the whole
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function githubAnnotations({ id, directory, error, diagnostics }: FailedTask): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').slice(0, MOST);
  if (errors.length === 0) return [`::error title=${property(id)}::${data(error)}`];
  return errors.map(({ file, line, column, message }) => {
    const path = posix.normalize(posix.join(directory, file.replaceAll('\\', '/')));
    return `::error title=${property(id)},file=${property(path)},line=${line},col=${column}::${data(message)}`;
  });
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
