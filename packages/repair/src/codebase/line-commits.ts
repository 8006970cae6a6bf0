import type { SourceSnapshot } from '@selfheal/contracts';
import { gitLines } from '@selfheal/repository';
import { sourceKind } from './source-kind.ts';

/** A run of lines (from 1, inclusive) that one commit wrote last. */
export interface LineRun {
  readonly from: number;
  readonly to: number;
  readonly commit: string;
}

/** Who wrote which line last, by file. Lines older than the commits read are in no run. */
export type LineCommits = Readonly<Record<string, readonly LineRun[]>>;

const COMMITS = 200;
const CODE_PATHS = ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'json'].map((extension) => `:(glob)**/*.${extension}`);

/**
 * Blames all code and JSON of a snapshot with one `git log`: the changes are walked from the newest commit down the first-parent
 * line, and each line still unclaimed goes to the commit whose change wrote it. One process for the whole repository, where
 * `git blame` would need one for each file.
 */
export async function readLineCommits(root: string, snapshot: SourceSnapshot): Promise<LineCommits> {
  const open = new Map<string, FileBlame>();
  for (const [path, text] of Object.entries(snapshot.files)) {
    if (isBlamed(path)) open.set(path, new FileBlame(text.split('\n').length));
  }
  const blamed = new Map(open);
  for await (const change of readChanges(root, snapshot.commit)) {
    const file = open.get(change.path);
    if (file === undefined) continue;
    file.apply(change);
    if (change.oldPath !== change.path) open.delete(change.path);
    if (change.oldPath !== undefined && change.oldPath !== change.path) open.set(change.oldPath, file);
  }
  return Object.fromEntries([...blamed].map(([path, file]) => [path, file.runs()]));
}

function isBlamed(path: string): boolean {
  const kind = sourceKind(path);
  return kind === 'source' || kind === 'test' || kind === 'json';
}

interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

interface FileChange {
  readonly commit: string;
  readonly path: string;
  /** Undefined where the commit made the file. */
  readonly oldPath: string | undefined;
  readonly hunks: Hunk[];
}

async function* readChanges(root: string, commit: string): AsyncGenerator<FileChange> {
  const args = ['log', `-${COMMITS}`, '--format=commit %H', '-p', '-U0', '-m', '--first-parent', '-M', '--relative'];
  const quiet = ['--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/'];
  const reader = new ChangeReader();
  for await (const line of gitLines(root, [...args, ...quiet, commit, '--', ...CODE_PATHS])) {
    const done = reader.read(line);
    if (done !== undefined) yield done;
  }
  const last = reader.take();
  if (last !== undefined) yield last;
}

/** Reads `git log -p -U0` line by line. Content lines are skipped by the hunk's own counts, so no content can pass for a header. */
class ChangeReader {
  #commit = '';
  #change: FileChange | undefined;
  #pendingOld: string | undefined;
  #skip = 0;

  read(line: string): FileChange | undefined {
    if (this.#skip > 0) {
      if (!line.startsWith('\\')) this.#skip -= 1;
      return undefined;
    }
    if (line.startsWith('commit ')) {
      const done = this.take();
      this.#commit = line.slice('commit '.length);
      return done;
    }
    if (line.startsWith('diff --git ')) return this.take();
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk) this.#addHunk(hunk);
    else this.#readHeader(line);
    return undefined;
  }

  take(): FileChange | undefined {
    const change = this.#change;
    this.#change = undefined;
    this.#pendingOld = undefined;
    return change;
  }

  #readHeader(line: string): void {
    if (line.startsWith('rename from ')) this.#pendingOld = line.slice('rename from '.length);
    else if (line.startsWith('rename to ')) this.#open(line.slice('rename to '.length), this.#pendingOld);
    else if (line.startsWith('--- ')) this.#pendingOld = line === '--- /dev/null' ? undefined : pathOf(line);
    else if (line.startsWith('+++ ') && line !== '+++ /dev/null') this.#open(pathOf(line), this.#pendingOld);
  }

  #open(path: string, oldPath: string | undefined): void {
    this.#change ??= { commit: this.#commit, path, oldPath, hunks: [] };
  }

  #addHunk(match: RegExpExecArray): void {
    const [, oldStart, oldCount = '1', newStart, newCount = '1'] = match;
    const hunk = { oldStart: Number(oldStart), oldCount: Number(oldCount), newStart: Number(newStart), newCount: Number(newCount) };
    this.#change?.hunks.push(hunk);
    this.#skip = hunk.oldCount + hunk.newCount;
  }
}

function pathOf(header: string): string {
  return header.slice('--- a/'.length).replace(/\t$/, '');
}

/** Follows each line of a file's newest state back through older states until a commit claims it. */
class FileBlame {
  readonly #commits: (string | undefined)[];
  /** For each line of the state reached so far, the line of the newest state it became; -1 where it is gone. */
  #newest: number[];

  constructor(lines: number) {
    this.#commits = new Array(lines).fill(undefined);
    this.#newest = Array.from({ length: lines }, (_, index) => index);
  }

  apply(change: FileChange): void {
    const older: number[] = [];
    let at = 0;
    for (const hunk of change.hunks) {
      const start = hunk.newCount === 0 ? hunk.newStart : hunk.newStart - 1;
      while (at < start) older.push(this.#newest[at++] ?? -1);
      for (; at < start + hunk.newCount; at++) this.#claim(this.#newest[at], change.commit);
      for (let gone = 0; gone < hunk.oldCount; gone++) older.push(-1);
    }
    while (at < this.#newest.length) older.push(this.#newest[at++] ?? -1);
    this.#newest = older;
  }

  runs(): LineRun[] {
    const runs: LineRun[] = [];
    for (const [index, commit] of this.#commits.entries()) {
      const last = runs.at(-1);
      if (commit === undefined) continue;
      if (last?.commit === commit && last.to === index) runs[runs.length - 1] = { ...last, to: index + 1 };
      else runs.push({ from: index + 1, to: index + 1, commit });
    }
    return runs;
  }

  #claim(line: number | undefined, commit: string): void {
    if (line !== undefined && line >= 0) this.#commits[line] ??= commit;
  }
}
