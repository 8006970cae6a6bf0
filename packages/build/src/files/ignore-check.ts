import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { startGit } from './git-process.ts';

/** `source NUL line NUL pattern NUL path NUL` for each path that was asked for. */
const FIELDS = 4;

/**
 * Asks git which paths it ignores, through one process that answers as it is asked: starting git twice for each package would cost more
 * than many a package's build.
 */
export class IgnoreCheck {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #asked: { resolve(ignored: boolean | undefined): void }[] = [];
  #fields: string[] = [];
  #rest = Buffer.alloc(0);
  #ended = false;

  constructor(root: string) {
    this.#child = startGit(root, ['check-ignore', '--stdin', '-z', '--verbose', '--non-matching']);
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stderr.resume();
    // What it cannot be told any more is answered by its end.
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('error', () => this.#end());
    this.#child.on('close', () => this.#end());
  }

  /** Whether git ignores a path relative to the root; undefined where git cannot say (it ended). */
  ask(path: string): Promise<boolean | undefined> {
    if (this.#ended) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<boolean | undefined>();
    this.#asked.push({ resolve });
    this.#child.stdin.write(`${path}\0`);
    return promise;
  }

  close(): void {
    this.#child.stdin.end();
  }

  #read(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(0, from); end !== -1; end = bytes.indexOf(0, from)) {
      this.#fields.push(bytes.toString('utf8', from, end));
      from = end + 1;
      if (this.#fields.length < FIELDS) continue;
      const [, , pattern = ''] = this.#fields;
      this.#fields = [];
      this.#asked.shift()?.resolve(pattern !== '' && !pattern.startsWith('!'));
    }
    this.#rest = bytes.subarray(from);
  }

  #end(): void {
    this.#ended = true;
    for (const { resolve } of this.#asked.splice(0)) resolve(undefined);
  }
}
