import type { StackFrame } from '@selfheal/contracts';
import type { ParsedError, ParsedFrame } from './parse-stack.ts';
import { repositoryFiles } from './repository-files.ts';
import { SourceMaps } from './source-maps.ts';
import { SuffixIndex } from './suffix-index.ts';

export interface MappedError {
  type: string;
  message: string;
  code?: string;
  frames: StackFrame[];
  cause?: { type: string; message: string; frames: StackFrame[] };
}

interface MappedFrame {
  frame: StackFrame;
  /** Its function's name was shortened by a minifier, so it was left out. */
  minified: boolean;
  identifier?: string;
}

const MAX_CACHED = 4096;
const MINIFIED = /^(?:[\w$]{1,2}\.)?[\w$]{1,2}$/;

/** Brings stack frames onto the files of the repository: by path, by source map, or by a map and then by path. */
export class FrameMapper {
  readonly #files: SuffixIndex;
  readonly #maps: SourceMaps;
  readonly #seen = new Map<string, MappedFrame>();

  private constructor(files: ReadonlySet<string>, maps: SourceMaps) {
    this.#files = new SuffixIndex(files);
    this.#maps = maps;
  }

  static async open(root: string, sourceMaps: readonly string[]): Promise<FrameMapper> {
    const files = await repositoryFiles(root);
    return new FrameMapper(files, await SourceMaps.find(root, sourceMaps, files));
  }

  async mapError(error: ParsedError): Promise<MappedError> {
    const { type, message, code, cause } = error;
    return {
      type,
      message,
      ...(code === undefined ? {} : { code }),
      frames: await this.mapFrames(error.frames),
      ...(cause === undefined ? {} : { cause: { type: cause.type, message: cause.message, frames: await this.mapFrames(cause.frames) } }),
    };
  }

  async mapFrames(frames: readonly ParsedFrame[]): Promise<StackFrame[]> {
    const mapped: MappedFrame[] = [];
    for (const frame of frames) mapped.push(await this.#mapFrame(frame));
    return mapped.map(({ frame, minified }, index) => {
      // The frame below stands at the call, where the map still knows the name that the minifier took.
      const name = minified ? mapped[index + 1]?.identifier : undefined;
      return name === undefined ? frame : { ...frame, function: name };
    });
  }

  async #mapFrame(frame: ParsedFrame): Promise<MappedFrame> {
    const key = `${frame.function ?? ''}\n${frame.file}\n${frame.line}\n${frame.column ?? ''}`;
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen;
    const mapped = await this.#resolve(frame);
    if (this.#seen.size >= MAX_CACHED) this.#seen.clear();
    this.#seen.set(key, mapped);
    return mapped;
  }

  async #resolve(frame: ParsedFrame): Promise<MappedFrame> {
    const original = await this.#maps.original(frame.file, frame.line, frame.column);
    if (original === undefined) {
      const file = frame.line < 1 ? undefined : this.#files.find(frame.file);
      return { frame: { ...frame, file: file ?? frame.file, inApp: file !== undefined }, minified: false };
    }
    const file = this.#files.find(original.file);
    const minified = frame.function !== undefined && MINIFIED.test(frame.function);
    return {
      frame: {
        ...(frame.function === undefined || minified ? {} : { function: frame.function }),
        file: file ?? original.file,
        line: original.line,
        column: original.column,
        inApp: file !== undefined,
      },
      minified,
      ...(original.identifier === undefined ? {} : { identifier: original.identifier }),
    };
  }
}
