import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 65_536;
const LINE_FEED = 0x0a;
/** No part of such a line is taken: a secret that a cut goes through is not known for one. */
const LEFT_OUT = `(a line of more than ${CHUNK_BYTES} bytes)`;

/** Reads a file that another process writes, line by line; each line once, and only when it is whole. */
export class OutputLines {
  private readonly file: FileHandle;
  private at = 0;
  private inLongLine = false;

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** The lines since the last call. `final`: what is there by now is all, and its last line may lack its end. */
  async *next(final: boolean): AsyncGenerator<string> {
    const { size } = await this.file.stat();
    while (this.at < size) {
      const chunk = await this.read(Math.min(CHUNK_BYTES, size - this.at));
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      if (end === 0 && chunk.length === CHUNK_BYTES) {
        this.inLongLine = true;
        this.at += chunk.length;
        continue;
      }
      if (end === 0 && !final) return;
      const taken = end === 0 ? chunk : chunk.subarray(0, end - 1);
      this.at += end === 0 ? chunk.length : end;
      const [first = '', ...others] = taken.toString('utf8').split('\n');
      yield this.inLongLine ? LEFT_OUT : first;
      this.inLongLine = false;
      yield* others;
    }
    if (final && this.inLongLine) yield LEFT_OUT;
  }

  private async read(length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.file.read(buffer, 0, length, this.at);
    return buffer.subarray(0, bytesRead);
  }
}
