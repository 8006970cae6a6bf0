import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';

/** A file under way. What was written is on disk only after `sync`. */
export interface DiskFile {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  /** Cuts the file to this size. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** The system calls by which intake makes input durable: a port, so that a test can cut the power between any two of them. */
export interface Disk {
  /** With its parents; each new name is durable when it resolves. */
  makeFolder(path: string): Promise<void>;
  /** A new, empty file, readable by its owner alone. */
  create(path: string): Promise<DiskFile>;
  exists(path: string): boolean;
  rename(from: string, to: string): Promise<void>;
  /** Takes a name away, where it is there. */
  remove(path: string): Promise<void>;
  /** Makes durable what any process wrote to a file. */
  syncFile(path: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
}

export const nodeDisk: Disk = {
  async makeFolder(path) {
    const first = await mkdir(path, { recursive: true });
    if (first === undefined) return;
    for (let parent = dirname(path); parent.length >= dirname(first).length; parent = dirname(parent)) {
      await syncPath(parent);
      if (parent === dirname(parent)) return;
    }
  },
  create: async (path) => diskFile(await open(path, 'w', 0o600)),
  exists: existsSync,
  rename,
  remove: async (path) => await rm(path, { force: true }),
  syncFile: syncPath,
  syncFolder: syncPath,
};

/** STORE_FULL where the error says that there is no room; else the error itself. */
export function diskError(error: unknown, path: string, what: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') return error;
  return new SelfhealError('STORE_FULL', `${what} could not be written (${String(code)})`, { where: { path }, cause: error });
}

function diskFile(file: FileHandle): DiskFile {
  return {
    write: async (bytes) => await file.writeFile(bytes),
    sync: async () => await file.sync(),
    truncate: async (size) => await file.truncate(size),
    close: async () => await file.close(),
  };
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
