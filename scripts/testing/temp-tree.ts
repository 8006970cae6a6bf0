import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with files for one test: `using tree = tempTree({ 'a/b.ts': 'text' })`. Gone with the test. */
export interface TempTree extends Disposable {
  readonly root: string;
  readonly path: (name: string) => string;
  readonly read: (name: string) => string;
  readonly write: (name: string, text: string) => string;
  /** Writes a shell script that can be run. */
  readonly writeProgram: (name: string, script: string) => string;
}

export function tempTree(files: Readonly<Record<string, string>> = {}): TempTree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'selfheal-scripts-')));
  const path = (name: string) => join(root, name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
    return path(name);
  };
  const writeProgram = (name: string, script: string) => {
    write(name, `#!/bin/sh\n${script}\n`);
    chmodSync(path(name), 0o755);
    return path(name);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const read = (name: string) => readFileSync(path(name), 'utf8');
  return { root, path, read, write, writeProgram, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
