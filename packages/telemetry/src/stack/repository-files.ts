import { execa } from 'execa';
import { glob } from 'tinyglobby';

const SOURCE = /\.(?:[cm]?[jt]sx?)$/;
const NOT_APP =
  /(?:^|\/)(?:node_modules|\.[^/]+|__tests__|__mocks__|__fixtures__|tests?|e2e|spec|specs|coverage|fixtures)\/|\.(?:test|spec|stories|bench|d)\.[cm]?[jt]sx?$|(?:^|\/)[\w.-]+\.(?:config|conf|setup)\.[cm]?[jt]sx?$|(?:^|\/)\.[^/]+$/;

/**
 * The files of the watched repository that a stack frame may stand for: tracked source files that are neither test nor
 * configuration. A frame that names anything else (a manifest, a workflow of the CI, a lock file) is never the application's.
 */
export async function repositoryFiles(root: string): Promise<ReadonlySet<string>> {
  const tracked = await trackedFiles(root);
  const files =
    tracked ?? (await glob('**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx}', { cwd: root, ignore: ['**/node_modules/**'], onlyFiles: true }));
  return new Set(files.filter((file) => SOURCE.test(file) && !NOT_APP.test(file)));
}

async function trackedFiles(root: string): Promise<string[] | undefined> {
  const result = await execa('git', ['ls-files', '-z', '--cached'], { cwd: root, reject: false, stripFinalNewline: false });
  if (result.exitCode !== 0) return undefined;
  const files = result.stdout.split('\0').filter((file) => file !== '');
  return files.length === 0 ? undefined : files;
}
