/** One command of one package. */
export interface Task {
  /** `package#task` */
  readonly id: string;
  readonly packageName: string;
  readonly task: string;
  /** Of the package, relative to the root of the workspace, with `/`. */
  readonly directory: string;
  /** Line for the shell; undefined where the package has no such script: the task then only stands for what it depends on. */
  readonly command: string | undefined;
  readonly dependsOn: readonly string[];
  /** Globs relative to the package; empty: every file that git does not ignore. */
  readonly inputs: readonly string[];
  /** Globs relative to the package. */
  readonly outputs: readonly string[];
  /** Names of variables that the command is given beside the usual few. */
  readonly env: readonly string[];
  readonly cache: boolean;
  readonly timeoutMs: number;
}

export function taskId(packageName: string, task: string): string {
  return `${packageName}#${task}`;
}
