import type { Disk, DiskFile } from '@selfheal/telemetry';
import { nodeDisk } from '@selfheal/telemetry';

/** The real disk, full for a while: the calls of which `fails` says so fail with ENOSPC, writes after half of their bytes. */
export class FailingDisk implements Disk {
  calls = 0;
  readonly #fails: (call: number) => boolean;

  constructor(fails: (call: number) => boolean) {
    this.#fails = fails;
  }

  async makeFolder(path: string): Promise<void> {
    await nodeDisk.makeFolder(path);
  }

  async create(path: string): Promise<DiskFile> {
    this.#pass();
    const real = await nodeDisk.create(path);
    return {
      write: async (bytes) => {
        if (!this.#isFull()) return await real.write(bytes);
        await real.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
        throw noSpace();
      },
      sync: async () => {
        this.#pass();
        await real.sync();
      },
      truncate: async (size) => await real.truncate(size),
      close: async () => await real.close(),
    };
  }

  exists(path: string): boolean {
    return nodeDisk.exists(path);
  }

  async rename(from: string, to: string): Promise<void> {
    this.#pass();
    await nodeDisk.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    await nodeDisk.remove(path);
  }

  async syncFile(path: string): Promise<void> {
    await nodeDisk.syncFile(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.#pass();
    await nodeDisk.syncFolder(path);
  }

  #pass(): void {
    if (this.#isFull()) throw noSpace();
  }

  #isFull(): boolean {
    this.calls += 1;
    return this.#fails(this.calls - 1);
  }
}

function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
}
