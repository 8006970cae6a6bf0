import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Disk, type DiskFile, nodeDisk } from '@selfheal/telemetry';

/** One system call that was made. */
export type Call =
  | { readonly call: 'create'; readonly path: string; readonly file: number }
  | { readonly call: 'write'; readonly file: number; readonly bytes: Uint8Array }
  | { readonly call: 'truncate'; readonly file: number; readonly size: number }
  | { readonly call: 'sync'; readonly file: number }
  | { readonly call: 'rename'; readonly from: string; readonly to: string }
  | { readonly call: 'remove'; readonly path: string }
  | { readonly call: 'syncFile'; readonly path: string }
  | { readonly call: 'syncFolder'; readonly path: string };

/** What becomes of what was never synced when the power goes: of the bytes of a file, and of the names in a folder. */
export interface Loss {
  readonly bytes: 'kept' | 'dropped' | 'torn' | 'zeros';
  readonly names: 'kept' | 'dropped';
}

export const LOSSES: readonly Loss[] = (['kept', 'dropped', 'torn', 'zeros'] as const).flatMap((bytes) =>
  (['kept', 'dropped'] as const).map((names) => ({ bytes, names })),
);

/** The real disk, noting each call. */
export class RecordingDisk implements Disk {
  readonly calls: Call[] = [];
  #files = 0;

  async makeFolder(path: string): Promise<void> {
    await nodeDisk.makeFolder(path);
  }

  async create(path: string): Promise<DiskFile> {
    const real = await nodeDisk.create(path);
    const file = this.#files++;
    this.calls.push({ call: 'create', path, file });
    return {
      write: async (bytes) => {
        await real.write(bytes);
        this.calls.push({ call: 'write', file, bytes: Uint8Array.from(bytes) });
      },
      sync: async () => {
        await real.sync();
        this.calls.push({ call: 'sync', file });
      },
      truncate: async (size) => {
        await real.truncate(size);
        this.calls.push({ call: 'truncate', file, size });
      },
      close: async () => await real.close(),
    };
  }

  exists(path: string): boolean {
    return existsSync(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await nodeDisk.rename(from, to);
    this.calls.push({ call: 'rename', from, to });
  }

  async remove(path: string): Promise<void> {
    if (!existsSync(path)) return;
    await nodeDisk.remove(path);
    this.calls.push({ call: 'remove', path });
  }

  async syncFile(path: string): Promise<void> {
    await nodeDisk.syncFile(path);
    this.calls.push({ call: 'syncFile', path });
  }

  async syncFolder(path: string): Promise<void> {
    await nodeDisk.syncFolder(path);
    this.calls.push({ call: 'syncFolder', path });
  }
}

interface Content {
  now: Buffer;
  durable: Buffer;
}

/** The files that a power cut behind these calls leaves, by path (Pillai et al., "All file systems are not created equal", OSDI 2014). */
export function filesAfter(calls: readonly Call[], loss: Loss): Map<string, Buffer> {
  const contents = new Map<number, Content>();
  const names = new Map<string, number>();
  const durable = new Map<string, number>();
  for (const call of calls) replay(call, contents, names, durable);
  const left = new Map<string, Buffer>();
  for (const [path, file] of loss.names === 'kept' ? names : durable) {
    const content = contents.get(file);
    if (content !== undefined) left.set(path, survived(content, loss));
  }
  return left;
}

function replay(call: Call, contents: Map<number, Content>, names: Map<string, number>, durable: Map<string, number>): void {
  const contentOf = (file: number | undefined): Content => {
    const content = contents.get(file ?? -1);
    if (content === undefined) throw new Error('a call on a file that was never made');
    return content;
  };
  switch (call.call) {
    case 'create':
      contents.set(call.file, { now: Buffer.alloc(0), durable: Buffer.alloc(0) });
      names.set(call.path, call.file);
      return;
    case 'write':
      contentOf(call.file).now = Buffer.concat([contentOf(call.file).now, call.bytes]);
      return;
    case 'truncate':
      contentOf(call.file).now = contentOf(call.file).now.subarray(0, call.size);
      return;
    case 'sync':
      contentOf(call.file).durable = contentOf(call.file).now;
      return;
    case 'syncFile':
      contentOf(names.get(call.path)).durable = contentOf(names.get(call.path)).now;
      return;
    case 'rename': {
      const file = names.get(call.from);
      if (file !== undefined) names.set(call.to, file);
      names.delete(call.from);
      return;
    }
    case 'remove':
      names.delete(call.path);
      return;
    case 'syncFolder':
      for (const path of durable.keys()) if (dirname(path) === call.path) durable.delete(path);
      for (const [path, file] of names) if (dirname(path) === call.path) durable.set(path, file);
  }
}

function survived({ now, durable }: Content, { bytes }: Loss): Buffer {
  if (bytes === 'kept') return now;
  if (bytes === 'dropped' || now.length <= durable.length) return durable;
  const lost = now.length - durable.length;
  return bytes === 'torn' ? now.subarray(0, durable.length + Math.ceil(lost / 2)) : Buffer.concat([durable, Buffer.alloc(lost)]);
}

/** For comparing: the same files in the same state. */
export function stateOf(files: ReadonlyMap<string, Buffer>): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => `${path}:${bytes.toString('base64')}`)
    .join('\n');
}
