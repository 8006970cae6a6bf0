import { gitNames } from './git-process.ts';
import { IgnoreCheck } from './ignore-check.ts';
import { sortedUnique, startingWith } from './sorted-paths.ts';
import { entriesOf, isKept, walkFolder } from './walk-folder.ts';

/** Files of a folder, relative to the root of the workspace with `/`, sorted. */
export interface FileLists {
  /** What people and tools write by hand: everything that git does not ignore. */
  readonly sources: readonly string[];
  /** What tools make: everything that git ignores, installed packages aside. */
  readonly made: readonly string[];
}

/** Build output of a folder that git does not keep: there is nothing else that tells it from sources. */
const USUAL_OUTPUT = /(?:^|\/)(?:dist|build|out|lib|coverage)\//;

/** The files of a workspace, told apart by what git ignores: listed once, and again below a folder in which a command ran. */
export class WorkspaceFiles {
  readonly #root: string;
  readonly #usesGit: boolean;
  readonly #lists: FileLists;
  readonly #isSource: ReadonlySet<string>;
  /** Folders with `/` at their end, and files, that git is known to ignore. */
  readonly #ignored: Set<string>;
  readonly #atRoot: readonly string[];
  readonly #again = new Map<string, FileLists>();
  #check: IgnoreCheck | undefined;

  private constructor(root: string, lists: FileLists, ignored: readonly string[] | undefined) {
    this.#root = root;
    this.#usesGit = ignored !== undefined;
    this.#lists = lists;
    this.#isSource = new Set(lists.sources);
    this.#ignored = new Set(ignored);
    this.#atRoot = lists.sources.filter((path) => !path.includes('/'));
  }

  static async open(root: string): Promise<WorkspaceFiles> {
    const [sources, ignored] = await Promise.all([
      gitNames(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']),
      gitNames(root, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory']),
    ]);
    if (sources === undefined || ignored === undefined) return new WorkspaceFiles(root, byName(walkFolder(root, '.')), undefined);
    const kept = ignored.filter(isKept);
    const made = kept.flatMap((name) => (name.endsWith('/') ? walkFolder(root, name.slice(0, -1)) : [name]));
    return new WorkspaceFiles(root, { sources: sortedUnique(sources.filter(isKept)), made: sortedUnique(made) }, kept);
  }

  /** Sources at the root itself: the lockfile, shared settings. */
  get atRoot(): readonly string[] {
    return this.#atRoot;
  }

  /** The files below a folder, `.` for all, as last listed. */
  below(folder: string): FileLists {
    const again = this.#again.get(folder);
    if (again !== undefined) return again;
    return { sources: startingWith(this.#lists.sources, folder), made: startingWith(this.#lists.made, folder) };
  }

  /** A command is about to run: gets ready for telling what it makes from sources, so that nobody waits for that at its end. */
  expectChanges(): void {
    if (this.#usesGit) this.#check ??= new IgnoreCheck(this.#root);
  }

  /** Lists a folder anew. Sources that are gone stay in the list: that they are gone is a change. */
  async listAgain(folder: string): Promise<FileLists> {
    const found = this.#usesGit ? await this.#sorted(folder) : byName(walkFolder(this.#root, folder));
    const lists = {
      sources: sortedUnique([...startingWith(this.#lists.sources, folder), ...found.sources]),
      made: sortedUnique(found.made),
    };
    this.#again.set(folder, lists);
    return lists;
  }

  close(): void {
    this.#check?.close();
  }

  async #sorted(folder: string): Promise<FileLists> {
    const sources: string[] = [];
    const made: string[] = [];
    const pending = [folder];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const { path, isFolder } of entriesOf(this.#root, next)) {
        if (this.#isSource.has(path)) sources.push(path);
        else if (await this.#isIgnored(isFolder ? `${path}/` : path)) made.push(...this.#madeAt(path, isFolder));
        else if (isFolder) pending.push(path);
        else sources.push(path);
      }
    }
    return { sources, made };
  }

  /** A file that git keeps although its folder is ignored stays a source. */
  #madeAt(path: string, isFolder: boolean): string[] {
    return isFolder ? walkFolder(this.#root, path).filter((file) => !this.#isSource.has(file)) : [path];
  }

  async #isIgnored(path: string): Promise<boolean> {
    if (this.#ignored.has(path)) return true;
    if (path.endsWith('/') && startingWith(this.#lists.sources, path.slice(0, -1)).length > 0) return false;
    this.#check ??= new IgnoreCheck(this.#root);
    // Without the slash: with it, `cache/*` would ignore `cache/` itself. Git looks what it is.
    const ignored = await this.#check.ask(path.replace(/\/$/, ''));
    if (ignored === true) this.#ignored.add(path);
    return ignored ?? USUAL_OUTPUT.test(path);
  }
}

function byName(paths: readonly string[]): FileLists {
  const sources = paths.filter((path) => !USUAL_OUTPUT.test(path));
  return { sources: sortedUnique(sources), made: sortedUnique(paths.filter((path) => USUAL_OUTPUT.test(path))) };
}
