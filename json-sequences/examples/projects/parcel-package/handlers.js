import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Compiles the package; fails with what the compiler says. */
async function compilePackage(_input, { project }) {
  const compiler = createRequire(join(project.root, 'package.json')).resolve('typescript/package.json');
  const tsc = join(dirname(compiler), 'bin/tsc');
  try {
    await run(process.execPath, [tsc, '-p', project.root, '--pretty', 'false'], { cwd: project.root });
  } catch (error) {
    const said = String(error.stdout ?? '').trim();
    throw new Error(`the package does not compile:\n${said === '' ? error.message : said}`);
  }
  const files = await readdir(join(project.root, 'dist'));
  return { files: files.sort() };
}

/** What the package holds, once it is merged. */
async function listArtifacts({ files }, { project }) {
  const source = await stat(join(project.root, 'src'));
  return { count: files.length, from: source.isDirectory() ? 'src' : 'nowhere' };
}

export default { name: 'parcel-package', handlers: { compilePackage, listArtifacts } };
