import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import {
  isSelfhealError,
  type PullRequestOfLogs,
  type Records,
  type RejectedInput,
  type Segment,
  type SelfhealConfig,
  type SourceOffset,
} from '@selfheal/contracts';
import { type Placeholders, Redactor } from '@selfheal/redaction';
import { type ByteSource, openByteSource } from './byte-source.ts';
import { discover, type FoundFile, shownPath } from './discover.ts';
import { detectEncoding, type Encoding } from './encoding.ts';
import type { IntakeFolder } from './intake-folder.ts';
import type { Journal } from './journal.ts';
import { readStretch } from './read-stretch.ts';
import { quarantineId } from './record-ids.ts';
import { rotatedName } from './rotation.ts';
import { streamOf } from './segment-name.ts';
import { settleSegment } from './segments.ts';
import { headBytes, identify, type Known, type SeenFile } from './source-identity.ts';

export interface PullParts {
  journal: Journal;
  records: Records;
  projectRoot: string;
  intake: SelfhealConfig['intake'];
  placeholders: Placeholders;
  /** Folder of the segments that hosts and senders deliver to. */
  segments: IntakeFolder | undefined;
}

export interface Pulled {
  segments: Segment[];
  more: boolean;
  rejected: RejectedInput[];
  files: number;
}

interface OpenedFile extends SeenFile {
  found: FoundFile;
  encoding: Encoding;
  mark: number;
  modifiedMs: number;
  /** Names one state of the file on disk. */
  state: string;
  /** What a segment of the intake holds; undefined for a log. */
  stream: string | undefined;
}

const SAMPLE_BYTES = 4096;
const SAFE_LENGTH = 1_000;
const SEALED_GROWTH = 4;

/** Reads logs from their saved offsets into the journal. Offsets are not moved here: that is done where the events are stored. */
export class Puller {
  readonly #parts: PullParts;
  /** Compressed files found to hold nothing new, by state and offset: they are not inflated again to see that. */
  readonly #drained = new Set<string>();

  constructor(parts: PullParts) {
    this.#parts = parts;
  }

  async pull(request: PullRequestOfLogs): Promise<Pulled> {
    const { journal, records, projectRoot, intake } = this.#parts;
    await journal.removeOrphans(Date.now());
    const found = await discover(projectRoot, request.paths, this.#parts.segments?.path);
    const rejected: RejectedInput[] = found.rejected.map((entry) => ({ ...entry, path: shownPath(projectRoot, entry.path) }));
    const offsets = await records.list('sourceOffset', { where: { projectId: request.projectId } });
    const files = await this.#openAll(found.files, rejected);
    const known = identify(request.projectId, files, offsets);
    const result: Pulled = { segments: [], more: false, rejected: [], files: files.length };
    let budget = Math.min(request.maxBytes, intake.maxChunkBytes);
    for (const file of files) {
      const start = known.get(file.path);
      if (start === undefined || !isWanted(file, start, offsets)) continue;
      if (budget <= 0) {
        result.more = result.more || this.#mayHoldMore(file, start);
        continue;
      }
      const read = await this.#read(file, start, budget, request.signal);
      rejected.push(...read.rejected);
      result.more = result.more || read.more;
      if (read.segment === undefined) continue;
      budget -= read.segment.toOffset - read.segment.fromOffset;
      result.segments.push(read.segment);
      request.onProgress?.({ path: file.path, bytes: read.segment.bytes, lines: read.segment.lines });
    }
    result.rejected = await this.#notYetQuarantined(request.projectId, rejected, files);
    return result;
  }

  async #openAll(found: readonly FoundFile[], rejected: RejectedInput[]): Promise<OpenedFile[]> {
    const opened: OpenedFile[] = [];
    const seen = new Set<string>();
    for (const file of found) {
      const path = shownPath(this.#parts.projectRoot, file.path);
      try {
        const one = await this.#look(file, path);
        if ('binary' in one) rejected.push({ path, code: 'LOG_BINARY', message: one.binary, bytes: one.size });
        else if (!seen.has(`${one.device}:${one.inode}`)) opened.push(one);
        if (!('binary' in one)) seen.add(`${one.device}:${one.inode}`);
      } catch (error) {
        if (!isSelfhealError(error) || file.explicit) throw error;
        rejected.push({ path, code: error.code, message: error.detail });
      }
    }
    return opened;
  }

  async #look(found: FoundFile, path: string): Promise<OpenedFile | { binary: string; size: number }> {
    const source = await this.#open(found.path);
    try {
      const stream = this.#streamOf(found.path);
      if (stream !== undefined) return segmentFile(found, path, stream, source);
      const head = await source.head(SAMPLE_BYTES);
      const encoding = detectEncoding(head);
      if ('binary' in encoding) return { binary: encoding.binary, size: source.size };
      const { device, inode, size, modifiedMs } = source;
      const state = `${device}:${inode}:${size}:${modifiedMs}`;
      const inflated = source.gzip ? undefined : size;
      return { found, path, device, inode, size: inflated, head: head.subarray(0, headBytes), ...encoding, modifiedMs, state, stream };
    } finally {
      await source.close();
    }
  }

  async #read(
    file: OpenedFile,
    known: Exclude<Known, { copy: true }>,
    bytes: number,
    signal: AbortSignal,
  ): Promise<{ segment?: Segment; rejected: RejectedInput[]; more: boolean }> {
    if (this.#drained.has(drainKey(file, known))) return { rejected: [], more: false };
    const source = await this.#open(file.found.path);
    try {
      const saved = 'saved' in known ? known.saved : { offset: file.mark, line: 0 };
      if (file.stream !== undefined && source.size > saved.offset) await this.#settle(file.found.path);
      const start = {
        path: file.path,
        encoding: file.encoding,
        offset: saved.offset,
        line: saved.line - ((await startsWithinLine(source, saved.offset, file)) ? 1 : 0),
        rotated: rotatedName(file.path).rotated,
        sealed: file.stream !== undefined,
      };
      const limits = { bytes, maxLineBytes: this.#lineLimit(file), signal };
      const stretch = await readStretch(source, start, limits, new Redactor(this.#parts.placeholders));
      if (stretch.to === stretch.from) {
        if (source.gzip) this.#drained.add(drainKey(file, known));
        return { rejected: stretch.rejected, more: false };
      }
      const { sourceId, identity } = 'saved' in known ? { sourceId: known.saved.id, identity: refreshed(file, known.saved) } : known;
      const segment: Segment = {
        id: createHash('sha256').update(`${sourceId}\n${stretch.from}\n${stretch.to}`).digest('hex').slice(0, 24),
        sourceId,
        path: file.path,
        identity,
        fromOffset: stretch.from,
        toOffset: stretch.to,
        firstLine: start.line + 1,
        lines: stretch.lineCount,
        bytes: stretch.to - stretch.from,
        redactions: stretch.redactions,
      };
      const header = { sourceId, path: file.stream ?? file.path, ingestedAt: Math.round(file.modifiedMs) };
      await this.#parts.journal.write(segment.id, header, stretch.lines);
      return { segment, rejected: stretch.rejected, more: stretch.more };
    } finally {
      await source.close();
    }
  }

  /** What a file in the intake folder holds, by its name. A file of such a name elsewhere is a log like any other. */
  #streamOf(path: string): string | undefined {
    return dirname(path) === this.#parts.segments?.path ? streamOf(basename(path)) : undefined;
  }

  async #settle(path: string): Promise<void> {
    if (this.#parts.segments !== undefined) await settleSegment(this.#parts.segments, path);
  }

  /** What was taken is read, though seal and placeholders made it longer. */
  #lineLimit({ stream }: OpenedFile): number {
    const { maxLineBytes } = this.#parts.intake;
    return stream === undefined ? maxLineBytes : maxLineBytes * SEALED_GROWTH;
  }

  #open(path: string): Promise<ByteSource> {
    return openByteSource(resolve(path), this.#parts.intake.maxInflateRatio);
  }

  #mayHoldMore(file: OpenedFile, known: Exclude<Known, { copy: true }>): boolean {
    if (this.#drained.has(drainKey(file, known))) return false;
    const offset = 'saved' in known ? known.saved.offset : 0;
    return file.size === undefined || file.size > offset;
  }

  /** What is wrong with members of folders is told once; of files named by the user, each time. */
  async #notYetQuarantined(projectId: string, rejected: readonly RejectedInput[], files: readonly OpenedFile[]): Promise<RejectedInput[]> {
    const explicit = new Set(files.filter((file) => file.found.explicit).map((file) => file.path));
    const fresh: RejectedInput[] = [];
    for (const entry of rejected) {
      const short = { ...entry, message: entry.message.slice(0, SAFE_LENGTH) };
      const known = explicit.has(entry.path) ? undefined : await this.#parts.records.get('quarantined', quarantineId(projectId, short));
      if (known === undefined) fresh.push(short);
    }
    return fresh;
  }
}

/** A segment is known by its name: a damaged byte must not make another source of it. */
function segmentFile(found: FoundFile, path: string, stream: string, source: ByteSource): OpenedFile {
  const { device, inode, size, modifiedMs } = source;
  const state = `${device}:${inode}:${size}:${modifiedMs}`;
  return { found, path, device, inode, size, head: Buffer.alloc(0), encoding: 'utf8', mark: 0, modifiedMs, state, stream };
}

/** A rotated sibling of a named file is read where it continues what was read, or came about since. */
function isWanted(file: OpenedFile, known: Known, offsets: readonly SourceOffset[]): known is Exclude<Known, { copy: true }> {
  if ('copy' in known) return false;
  if ('saved' in known || !file.found.sibling) return true;
  const { group } = rotatedName(file.path);
  const ofGroup = offsets.filter((offset) => rotatedName(offset.path).group === group);
  return ofGroup.length > 0 && ofGroup.every((offset) => file.modifiedMs > offset.updatedAt);
}

/** Whether the saved offset lies behind a last line that had no end mark yet: what follows belongs to the same line. */
async function startsWithinLine(source: ByteSource, offset: number, file: OpenedFile): Promise<boolean> {
  if (source.gzip || offset <= file.mark || offset >= source.size || file.encoding !== 'utf8') return false;
  for await (const chunk of source.read(offset - 1)) return chunk[0] !== 10;
  return false;
}

/** Rotation may have moved the file: its newest device and inode find it faster next time. */
function refreshed(file: OpenedFile, saved: SourceOffset): string {
  return [file.device, file.inode, ...saved.identity.split(':').slice(2)].join(':');
}

function drainKey(file: OpenedFile, known: Exclude<Known, { copy: true }>): string {
  return `${file.state}:${'saved' in known ? known.saved.offset : 0}`;
}
