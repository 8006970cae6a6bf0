import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A place in a script as the inspector gives it: line and column count from 0. */
export interface ScriptPlace {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number | undefined;
}

/** A place in a source file. Line and column count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Script {
  readonly url: string;
  readonly mapUrl: string;
  readonly inApp: boolean;
  /** Undefined until it is looked for. */
  map?: SourceMap | 'none';
}

const MAX_MAP_CHARACTERS = 30_000_000;
const PLACE = /(file:\/\/\/[^\s()]+|\/[^\s():]+|[A-Za-z]:\\[^\s():]+):(\d+):(\d+)/;

/** The scripts that the application loaded, and the way from their code to the sources it was made from. */
export class Scripts {
  readonly #byId = new Map<string, Script>();
  readonly #idOfUrl = new Map<string, string>();
  readonly #ownFolders: readonly string[];

  /** `ownFolders`: URLs of the folders of the recorder itself. */
  constructor(ownFolders: readonly string[]) {
    this.#ownFolders = ownFolders;
  }

  add({ scriptId, url, sourceMapURL = '' }: { scriptId: string; url: string; sourceMapURL?: string | undefined }): void {
    const location = url.startsWith('/') ? pathToFileURL(url).href : url;
    // Told of all scripts anew each time that the debugger is enabled; what is known of one stays.
    if (!location.startsWith('file:') || this.#byId.get(scriptId)?.url === location) return;
    const inApp = !location.includes('/node_modules/') && !this.#ownFolders.some((folder) => location.startsWith(folder));
    this.#byId.set(scriptId, { url: location, mapUrl: sourceMapURL, inApp });
    this.#idOfUrl.set(location, scriptId);
  }

  inApp(scriptId: string): boolean {
    return this.#byId.get(scriptId)?.inApp === true;
  }

  /** Where the code at a place was written: through its source map where it has one, else the script itself. */
  sourceOf({ scriptId, lineNumber, columnNumber = 0 }: ScriptPlace): SourcePlace | undefined {
    const script = this.#byId.get(scriptId);
    if (script === undefined) return undefined;
    const map = mapOf(script);
    const entry = map?.findEntry(lineNumber, columnNumber);
    if (entry !== undefined && 'originalSource' in entry && entry.originalSource) {
      const file = sourcePath(entry.originalSource, script.url);
      return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    }
    return { file: fileURLToPath(script.url), line: lineNumber + 1, column: columnNumber + 1 };
  }

  /** A stack as text, with the places in scripts that have a source map replaced by those of their sources. */
  mapStack(stack: string): string {
    return stack.replaceAll(/^\s+at .*$/gm, (line) =>
      line.replace(PLACE, (whole: string, url: string, at: string, column: string) => {
        const scriptId = this.#idOfUrl.get(url.startsWith('file:') ? url : pathToFileURL(url).href);
        const script = scriptId === undefined ? undefined : this.#byId.get(scriptId);
        if (scriptId === undefined || script === undefined || mapOf(script) === undefined) return whole;
        const place = this.sourceOf({ scriptId, lineNumber: Number(at) - 1, columnNumber: Number(column) - 1 });
        return place === undefined ? whole : `${place.file}:${place.line}:${place.column}`;
      }),
    );
  }
}

function mapOf(script: Script): SourceMap | undefined {
  script.map ??= script.inApp ? loadMap(script) : 'none';
  return script.map === 'none' ? undefined : script.map;
}

function loadMap({ url, mapUrl }: Script): SourceMap | 'none' {
  if (mapUrl === '') return 'none';
  try {
    const text = mapUrl.startsWith('data:') ? textOfDataUrl(mapUrl) : readFileSync(new URL(mapUrl, url), 'utf8');
    return text.length > MAX_MAP_CHARACTERS ? 'none' : new SourceMap(JSON.parse(text));
  } catch {
    return 'none'; // named, but not there or no map: the script's own positions are true as well
  }
}

function textOfDataUrl(url: string): string {
  const comma = url.indexOf(',');
  const data = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(';base64') ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data);
}

/** A source's name in a map is relative to the map, which stands beside the script. */
function sourcePath(source: string, scriptUrl: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(source) && !source.startsWith('file:'))
    return source.replace(/^[a-z][a-z0-9+.-]+:\/+/i, '').replace(/^\.\//, '');
  return fileURLToPath(new URL(source, scriptUrl));
}
