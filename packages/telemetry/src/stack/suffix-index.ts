/**
 * Finds the file of a set that a path of another machine means, by longest common suffix: `/srv/releases/42/src/a.ts`,
 * `C:\app\src\a.ts` and `webpack://shop/./src/a.ts` all mean `src/a.ts`. A match of the bare file name alone counts only where
 * nothing between it and a deployment root speaks against it, since `index.js` exists everywhere.
 */
export class SuffixIndex {
  readonly #files: ReadonlySet<string>;
  readonly #roots = new Set<string>();

  constructor(files: ReadonlySet<string>) {
    this.#files = files;
  }

  find(path: string): string | undefined {
    const parts = cleanPath(path);
    if (parts === undefined) return undefined;
    for (let from = 0; from < parts.length; from += 1) {
      const candidate = parts.slice(from).join('/');
      if (!this.#files.has(candidate)) continue;
      const root = parts.slice(0, from).join('/');
      if (parts.length - from >= 2) {
        if (this.#roots.size < 64) this.#roots.add(root);
        return candidate;
      }
      return from === 0 || this.#roots.has(root) || (this.#roots.size === 0 && plausibleRoot(parts.slice(0, from))) ? candidate : undefined;
    }
    return undefined;
  }
}

/** POSIX parts of a path without scheme, drive, query and `.`; undefined where it leaves its folder or is a package's or the runtime's. */
export function cleanPath(path: string): string[] | undefined {
  if (/^(?:node|internal|native|bun|deno|chrome-extension|wasm):?/.test(path) && !path.includes('/src/')) return undefined;
  let text = path.replaceAll('\\', '/');
  text = text.replace(/^[a-z][a-z0-9+.-]{1,30}:\/\/\/?(?:\([\w-]{1,40}\)\/)?/i, (scheme) => (/^https?:/i.test(scheme) ? 'host:' : ''));
  if (text.startsWith('host:')) text = text.slice(text.indexOf('/') + 1 || text.length);
  text = text.replace(/^[A-Za-z]:\//, '').replace(/[?#].*$/, '');
  const parts = decoded(text)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && !/^\([\w-]+\)$/.test(part));
  if (parts.length === 0 || parts.includes('..') || parts.includes('node_modules')) return undefined;
  return parts;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `/app`, `/srv/shop`, `/home/u/app`: a folder that holds one application, not a library's. */
function plausibleRoot(parts: readonly string[]): boolean {
  return parts.length <= 4 && !parts.some((part) => ['lib', 'usr', 'opt', 'vendor', 'dist-packages', 'site-packages'].includes(part));
}
