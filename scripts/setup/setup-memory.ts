import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an earlier set-up of this clone found out, one small file a fact, so that the next start need not look again. */
export class SetupMemory {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(root, '.cache/setup');
  }

  remember(fact: string, text: string): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, fact), text);
  }

  /** The text remembered no longer than `maxAgeMs` ago. */
  recall(fact: string, maxAgeMs = Number.POSITIVE_INFINITY): string | undefined {
    const file = join(this.#folder, fact);
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined || Date.now() - found.mtimeMs > maxAgeMs ? undefined : readFileSync(file, 'utf8');
  }
}
