import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { glob } from 'tinyglobby';
import { SuffixIndex } from './suffix-index.ts';

export interface OriginalPosition {
  /** As the map names it: a path relative to the repository where it lies within, else the name as it stands. */
  file: string;
  line: number;
  column: number;
  /** The identifier written at that place: at a call, the function that is called. */
  identifier?: string;
}

const MAX_MAP_BYTES = 67_108_864;
const MAX_MAPS = 64;
const OUTPUT_FOLDER = /^(?:dist|build|out|lib|output|\.next|\.output)\//;
const INLINE = /\/\/[#@] sourceMappingURL=(?:data:application\/json[^,]{0,60};base64,([A-Za-z0-9+/=]+)|(\S+))\s*$/;

/**
 * The build output of the watched repository and its source maps: `x.js.map` beside `x.js`, inline maps, and maps in the
 * folders or globs of the configuration (`sourceMaps`), which may hold the maps alone.
 */
export class SourceMaps {
  readonly #root: string;
  readonly #generated: SuffixIndex;
  /** Generated file (as indexed) to the absolute path of the file or of its map. */
  readonly #places: ReadonlyMap<string, string>;
  readonly #maps = new Map<string, TraceMap | undefined>();

  private constructor(root: string, places: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#places = places;
    this.#generated = new SuffixIndex(new Set(places.keys()));
  }

  /** Lists generated files: all JavaScript of the repository that git does not track, and the configured places. */
  static async find(root: string, configured: readonly string[], tracked: ReadonlySet<string>): Promise<SourceMaps> {
    const places = new Map<string, string>();
    for (const base of ['', ...configured]) {
      for (const absolute of await generatedFiles(root, base)) {
        const inRepository = posixPath(relative(root, absolute)).replace(/\.map$/, '');
        if (tracked.has(inRepository) && !absolute.endsWith('.map')) continue;
        // A deployment may hold the output folder's content without the folder.
        const within = posixPath(relative(base === '' ? root : resolve(root, base), absolute)).replace(/\.map$/, '');
        for (const key of [inRepository, within, within.replace(OUTPUT_FOLDER, '')]) {
          if (!key.startsWith('../') && key !== '' && (!places.has(key) || absolute.endsWith('.map'))) places.set(key, absolute);
        }
      }
    }
    return new SourceMaps(root, places);
  }

  /** Where the code at this place of a generated file was written; undefined where no map knows. `line` from 1, `column` from 1. */
  async original(file: string, line: number, column: number | undefined): Promise<OriginalPosition | undefined> {
    const generated = this.#generated.find(file);
    const place = generated === undefined ? undefined : this.#places.get(generated);
    if (place === undefined || line < 1) return undefined;
    const map = await this.#map(place);
    if (map === undefined) return undefined;
    const found = originalPositionFor(map.map, { line, column: Math.max(0, (column ?? 1) - 1) });
    if (found.source === null) return undefined;
    return {
      file: this.#sourceName(found.source, map.path),
      line: found.line,
      column: found.column + 1,
      ...(found.name === null ? {} : { identifier: found.name }),
    };
  }

  async #map(place: string): Promise<{ map: TraceMap; path: string } | undefined> {
    const path = place.endsWith('.map') ? place : `${place}.map`;
    if (!this.#maps.has(place)) {
      if (this.#maps.size >= MAX_MAPS) this.#maps.clear();
      this.#maps.set(place, (await readMap(path)) ?? (place === path ? undefined : await readLinked(place)));
    }
    const map = this.#maps.get(place);
    return map === undefined ? undefined : { map, path };
  }

  #sourceName(source: string, mapPath: string): string {
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return source;
    const absolute = resolve(dirname(mapPath), source);
    const name = posixPath(relative(this.#root, absolute));
    return name.startsWith('../') ? posix.normalize(source) : name;
  }
}

/** Generated files and maps of the repository (`base` empty), or of a configured folder or glob. */
async function generatedFiles(root: string, base: string): Promise<string[]> {
  const ignore = ['**/node_modules/**', '**/.git/**'];
  const options = { onlyFiles: true, absolute: true, dot: true, ignore } as const;
  if (/[*{?]|\.map$/.test(base)) return await glob(base, { ...options, cwd: root });
  return await glob('**/*.{js,cjs,mjs,js.map,cjs.map,mjs.map}', { ...options, cwd: resolve(root, base) });
}

function posixPath(path: string): string {
  return path.split(sep).join('/');
}

async function readMap(path: string): Promise<TraceMap | undefined> {
  const text = await readBounded(path);
  return text === undefined ? undefined : traceMap(text);
}

/** A map named or held by the last lines of the generated file. */
async function readLinked(path: string): Promise<TraceMap | undefined> {
  const text = await readBounded(path);
  const at = text?.lastIndexOf('//# sourceMappingURL=') ?? -1;
  const match = text === undefined || at < 0 ? null : INLINE.exec(text.slice(at));
  if (match === null) return undefined;
  if (match[1] !== undefined) return traceMap(Buffer.from(match[1], 'base64').toString('utf8'));
  return match[2] === undefined ? undefined : await readMap(join(dirname(path), match[2]));
}

async function readBounded(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    return size > MAX_MAP_BYTES ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A damaged map is as good as none: frames stay as they stood. */
function traceMap(text: string): TraceMap | undefined {
  try {
    return new TraceMap(text.replace(/^\)\]\}'[^\n]*\n/, ''));
  } catch {
    return undefined;
  }
}
