import { type FileHandle, open, rename, rm } from 'node:fs/promises';

export interface RotatingFile {
  /** Takes lines, each with its end; they are written in order, soon. */
  write(lines: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

interface Options {
  readonly path: string;
  readonly maxBytes: number;
  /** Rotated files that are kept: `<path>.1`, the newest, to `<path>.<files>`. */
  readonly files: number;
  readonly onError: (error: unknown) => void;
}

/**
 * A file of lines that one process appends to and that never grows much beyond `maxBytes`: it is then renamed as logrotate does, so
 * that readers of logs follow it. What cannot be written is told and dropped; the next lines are tried again.
 */
export function openRotatingFile(options: Options): RotatingFile {
  const waiting: string[] = [];
  let file: { handle: FileHandle; bytes: number } | undefined;
  let work: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const text = takeUpTo(waiting, options.maxBytes);
      try {
        file ??= await openAt(options.path);
        if (file.bytes > 0 && file.bytes + Buffer.byteLength(text) > options.maxBytes) {
          await closeFile();
          await rotate(options);
          file = await openAt(options.path);
        }
        await file.handle.appendFile(text);
        file.bytes += Buffer.byteLength(text);
      } catch (error) {
        options.onError(error);
        await closeFile().catch(options.onError);
      }
    }
    work = undefined;
  };
  const closeFile = async (): Promise<void> => {
    const handle = file?.handle;
    file = undefined;
    await handle?.close();
  };
  return {
    write(lines) {
      waiting.push(lines);
      work ??= drain();
    },
    async close() {
      await work;
      await closeFile();
    },
  };
}

/** The next lines that one file can hold; at least one. */
function takeUpTo(waiting: string[], maxBytes: number): string {
  let bytes = 0;
  let count = 0;
  for (const text of waiting) {
    bytes += Buffer.byteLength(text);
    if (count > 0 && bytes > maxBytes) break;
    count++;
  }
  return waiting.splice(0, count).join('');
}

async function openAt(path: string): Promise<{ handle: FileHandle; bytes: number }> {
  const handle = await open(path, 'a');
  return { handle, bytes: (await handle.stat()).size };
}

/** Oldest first, so that a kill in between leaves a gap in the numbers and no file overwritten too soon. */
async function rotate({ path, files }: Options): Promise<void> {
  if (files === 0) return rm(path, { force: true });
  for (let number = files; number >= 1; number--) {
    await rename(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }
}
