import type { Encoding } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import type { Column } from './columns.ts';

/** The bytes of a column, not yet compressed. */
export interface EncodedColumn {
  readonly column: Column;
  /** Which rows have a value, as runs of bits. */
  readonly levels: Uint8Array;
  /** The different values, where they repeat; `data` then holds their places. */
  readonly dictionary: { readonly bytes: Uint8Array; readonly size: number } | undefined;
  readonly encoding: Encoding;
  readonly data: Uint8Array;
  /** Least and greatest value, where they are known without looking at all. */
  readonly bounds: { readonly least: number | string; readonly most: number | string } | undefined;
}

/**
 * Encodes a column as the Parquet format has it (https://parquet.apache.org/docs/file-format/data-pages/encodings): numbers plain; texts that
 * repeat by a dictionary, the others as their lengths and then all their bytes in one piece, which is one conversion for the whole column.
 */
export function encodeColumn(column: Column): EncodedColumn {
  const levels = levelsOf(column);
  if (column.type === 'DOUBLE') {
    const { buffer, byteOffset, byteLength } = column.numbers;
    const data = new Uint8Array(buffer, byteOffset, byteLength);
    return { column, levels, dictionary: undefined, encoding: 'PLAIN', data, bounds: boundsOf(column.numbers) };
  }
  const { texts, places } = column;
  if (places === undefined) {
    return { column, levels, dictionary: undefined, encoding: 'DELTA_LENGTH_BYTE_ARRAY', data: lengthsAndBytes(texts), bounds: undefined };
  }
  const dictionary = { bytes: prefixed(texts), size: texts.length };
  return { column, levels, dictionary, encoding: 'RLE_DICTIONARY', data: placesOf(places, texts.length), bounds: asciiBounds(texts) };
}

/** The width of a place in bits, then the places. */
function placesOf(places: Int32Array, entries: number): Uint8Array {
  const width = entries < 2 ? 0 : 32 - Math.clz32(entries - 1);
  const writer = new ByteWriter(places.length + 16);
  writer.appendUint8(width);
  writeRleBitPackedHybrid(writer, places, width);
  return writer.getBytes();
}

/** Most columns have a value in all rows or in none: one run of bits, without a look at the rows. */
function levelsOf({ present, count }: Column): Uint8Array {
  const writer = new ByteWriter();
  if (count === 0 || count === present.length) {
    writer.appendVarInt(present.length << 1);
    writer.appendUint8(count === 0 ? 0 : 1);
  } else writeRleBitPackedHybrid(writer, present, 1);
  return writer.getBytes();
}

/** Each text behind its length, as the entries of a dictionary stand. */
function prefixed(texts: readonly string[]): Uint8Array {
  const writer = new ByteWriter();
  for (const text of texts) {
    const bytes = Buffer.from(text);
    writer.appendUint32(bytes.length);
    writer.appendBytes(bytes);
  }
  return writer.getBytes();
}

function lengthsAndBytes(texts: readonly string[]): Uint8Array {
  const joined = Buffer.from(texts.join(''));
  const lengths = new Int32Array(texts.length);
  let total = 0;
  for (let index = 0; index < texts.length; index += 1) {
    const { length } = texts[index] ?? '';
    lengths[index] = length;
    total += length;
  }
  // As many bytes as code units: ASCII alone. Else each text is measured.
  if (joined.length !== total) for (const [index, text] of texts.entries()) lengths[index] = Buffer.byteLength(text);
  const writer = new ByteWriter(joined.length + texts.length * 2 + 64);
  deltaBinaryPack(writer, lengths, 'INT32');
  writer.appendBytes(joined);
  return writer.getBytes();
}

function boundsOf(values: Float64Array): EncodedColumn['bounds'] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? { least, most } : undefined;
}

const ASCII = /^[\x20-\x7e]*$/;

/** Readers compare texts by their bytes, JavaScript by code units: both agree on ASCII. */
function asciiBounds(texts: readonly string[]): EncodedColumn['bounds'] {
  const [first] = texts;
  if (first === undefined || !texts.every((text) => ASCII.test(text))) return undefined;
  let least = first;
  let most = first;
  for (const text of texts) {
    if (text < least) least = text;
    if (text > most) most = text;
  }
  return { least, most };
}
