import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { formatDiagnostic } from '@selfheal/sequences';
import { compileDocument } from 'selfheal';
import type { Terminal } from '../terminal.ts';

/** In every folder that was compiled, and in no other. */
const MARK = 'src/library/compiled/play.ts';

/** `selfheal sequence compile`: writes a document (or a built-in sequence) as a TypeScript project for Temporal. */
export async function sequenceCompileCommand(terminal: Terminal, file: string, options: { out: string }): Promise<void> {
  const { plan, files } = await compileDocument(file);
  for (const diagnostic of plan.unsupported) terminal.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
  const folder = resolve(options.out);
  await refuseForeignFolder(folder);
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  terminal.stdout.write(`${options.out}: "${plan.id}" in ${files.size} files; npm install, npm run check, then see README.md\n`);
}

/** A folder with something else in it is left alone. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  if (entries.length === 0) return;
  const compiled = await readFile(join(folder, MARK), 'utf8').catch(() => undefined);
  if (compiled === undefined)
    throw new SelfhealError('INPUT_INVALID', `${folder} is not empty and holds no compiled sequence; name another folder`);
}
