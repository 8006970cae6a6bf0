import { digest } from '../../files/file-hashes.ts';
import type { ObjectStore } from './object-store.ts';

/** A part of a result that others may not have yet. */
export interface SharedContent {
  /** `kind:` and the SHA-256 of the bytes. */
  readonly hash: string;
  read(): Promise<Uint8Array>;
}

/** Results that are offered at a time, and questions under way. */
const MOST_AT_ONCE = 16;
/** After so many failures in a row nobody is asked any more in this build. */
const MOST_FAILURES = 3;

/**
 * Results that other machines made, and those that are offered to them. It never fails a build: what does not answer, in time or truly, is
 * as good as not there. Contents have the name of their hash and manifests end with theirs; both are checked. A manifest is put last, so
 * that all it names is there.
 */
export class SharedResults {
  readonly #store: ObjectStore;
  readonly #writes: boolean;
  readonly #offers = new Set<Promise<void>>();
  readonly #faults: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #failures = 0;

  constructor(store: ObjectStore, { writes }: { readonly writes: boolean }) {
    this.#store = store;
    this.#writes = writes;
  }

  /** The manifest of a result, as it was offered. */
  async manifest(key: string): Promise<string | undefined> {
    const bytes = await this.#ask(() => this.#store.get(manifestName(key)));
    const [text = '', hash] = bytes?.toString('utf8').split('\n') ?? [];
    return bytes !== undefined && digest(text) === hash ? text : undefined;
  }

  async content(hash: string): Promise<Buffer | undefined> {
    const bytes = await this.#ask(() => this.#store.get(contentName(hash)));
    return bytes !== undefined && digest(bytes) === hash.slice(hash.indexOf(':') + 1) ? bytes : undefined;
  }

  /** Puts a result where others find it. Nobody waits for it but `done`. */
  offer(key: string, manifest: string, contents: readonly SharedContent[]): void {
    if (!this.#writes) return;
    const offered = this.#put(key, manifest, contents).finally(() => this.#offers.delete(offered));
    this.#offers.add(offered);
  }

  /** Waits for what is offered. Gives what went wrong, for people. */
  async done(): Promise<readonly string[]> {
    await Promise.all(this.#offers);
    return this.#faults;
  }

  async #put(key: string, manifest: string, contents: readonly SharedContent[]): Promise<void> {
    const put = async ({ hash, read }: SharedContent): Promise<boolean> => {
      const there = await this.#ask(async () => {
        if (!(await this.#store.has(contentName(hash)))) await this.#store.put(contentName(hash), await read());
        return true;
      });
      return there === true;
    };
    const all = await Promise.all(contents.map(put));
    if (all.every((there) => there))
      await this.#ask(() => this.#store.put(manifestName(key), Buffer.from(`${manifest}\n${digest(manifest)}`)));
  }

  /** Undefined where it failed. */
  async #ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    if (this.#underWay >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay += 1;
    try {
      if (this.#failures >= MOST_FAILURES) return undefined;
      const answer = await question();
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures += 1;
      const why = error instanceof Error ? error.message : String(error);
      if (this.#failures === MOST_FAILURES) this.#faults.push(`the shared cache is not asked any more in this build: ${why}`);
      return undefined;
    } finally {
      this.#underWay -= 1;
      this.#waiting.shift()?.();
    }
  }
}

function manifestName(key: string): string {
  return `results/${key.slice(0, 2)}/${key}`;
}

function contentName(hash: string): string {
  const name = hash.slice(hash.indexOf(':') + 1);
  return `contents/${name.slice(0, 2)}/${name}`;
}
