export type Encoding = 'utf8' | 'utf16le' | 'utf16be';

export interface EncodingSeen {
  encoding: Encoding;
  /** Bytes of the byte-order mark. */
  mark: number;
}

const SAMPLE = 4096;
const MAGIC: readonly (readonly [string, readonly number[]])[] = [
  ['PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG image', [0xff, 0xd8, 0xff]],
  ['GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['zip archive', [0x50, 0x4b, 0x03, 0x04]],
  ['ELF program', [0x7f, 0x45, 0x4c, 0x46]],
  ['SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66]],
  ['Parquet file', [0x50, 0x41, 0x52, 0x31]],
  ['PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['zstd archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2 archive', [0x42, 0x5a, 0x68]],
  ['gzip within gzip', [0x1f, 0x8b]],
];

/** The encoding that the first bytes of a source show, or why they are no text. Encodings without a mark are told by where zero bytes stand. */
export function detectEncoding(head: Buffer): EncodingSeen | { binary: string } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf16be', mark: 2 };
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const magic = MAGIC.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (magic !== undefined) return { binary: magic[0] };
  const sample = head.subarray(mark, SAMPLE);
  const wide = wideEncoding(sample);
  if (wide !== undefined) return { encoding: wide, mark: 0 };
  const why = binaryReason(withoutLeadingNuls(sample));
  return why === undefined ? { encoding: 'utf8', mark } : { binary: why };
}

function wideEncoding(sample: Buffer): Encoding | undefined {
  const zeros = [0, 0];
  for (let at = 0; at < sample.length; at += 1) if (sample[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const half = sample.length / 2;
  const [even = 0, odd = 0] = zeros;
  if (half < 4) return undefined;
  if (odd > half * 0.4 && even < half * 0.05) return 'utf16le';
  if (even > half * 0.4 && odd < half * 0.05) return 'utf16be';
  return undefined;
}

/** A log that was truncated under its writer begins with a run of zero bytes (a sparse file). */
function withoutLeadingNuls(sample: Buffer): Buffer {
  let at = 0;
  while (sample[at] === 0) at += 1;
  return sample.subarray(at);
}

function binaryReason(sample: Buffer): string | undefined {
  if (sample.length === 0) return undefined;
  let control = 0;
  for (const byte of sample)
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27 && byte !== 8 && byte !== 12) control += 1;
  if (control > sample.length * 0.1) return 'control bytes';
  const text = sample.toString('utf8');
  const broken = text.split('\u{FFFD}').length - 1;
  return broken > text.length * 0.1 && broken > 2 ? 'bytes that are no UTF-8' : undefined;
}
