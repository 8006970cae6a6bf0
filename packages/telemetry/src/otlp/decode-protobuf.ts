import type { Json } from '@selfheal/contracts';
import protobuf from 'protobufjs/minimal.js';
import type { ExportItem, Fields } from './export-item.ts';
import { OtlpFault } from './otlp-fault.ts';
import { type Field, type Message, resource, type Scalar, scope } from './schema.ts';
import { SIGNALS, type Signal } from './signal.ts';

type Reader = protobuf.Reader;

/** A field of a message as it stands in the bytes. */
interface Place {
  readonly number: number;
  readonly wire: number;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const WIRE: Readonly<Record<Scalar, number>> = {
  string: BYTES,
  bytes: BYTES,
  hex: BYTES,
  bool: VARINT,
  double: FIXED64,
  uint32: VARINT,
  sint32: VARINT,
  fixed32: FIXED32,
  int64: VARINT,
  uint64: VARINT,
  fixed64: FIXED64,
  sfixed64: FIXED64,
};

/**
 * The items of an `Export*ServiceRequest`, one after the other, as OTLP/JSON has them: memory is that of one item, however many the bytes
 * hold. Fails with OtlpFault where the bytes are no such message, or nest deeper than `maxDepth`.
 */
export function* decodeProtobuf(signal: Signal, body: Uint8Array, maxDepth: number): Generator<ExportItem> {
  const { item } = SIGNALS[signal];
  try {
    for (const ofResource of submessages(body, 1)) {
      const shared = singular(ofResource, 1, resource, maxDepth);
      for (const ofScope of submessages(ofResource, 2)) {
        const named = singular(ofScope, 1, scope, maxDepth);
        for (const bytes of submessages(ofScope, 2))
          yield { resource: shared, scope: named, item: decode(readerOf(bytes), bytes.length, item, maxDepth) };
      }
    }
  } catch (error) {
    if (error instanceof OtlpFault || !(error instanceof Error)) throw error;
    throw new OtlpFault('invalid', `the body is no export request in protobuf: ${error.message}`);
  }
}

/** The message at the only field of that number; the last where there are several. */
function singular(bytes: Uint8Array, number: number, message: Message, maxDepth: number): Fields {
  let last: Uint8Array | undefined;
  for (const found of submessages(bytes, number)) last = found;
  return last === undefined ? {} : decode(readerOf(last), last.length, message, maxDepth);
}

function* submessages(bytes: Uint8Array, number: number): Generator<Uint8Array> {
  const reader = readerOf(bytes);
  while (reader.pos < reader.len) {
    const place = placeOf(reader);
    if (place.number === number && place.wire === BYTES) yield reader.bytes();
    else skip(reader, place);
  }
}

function decode(reader: Reader, end: number, message: Message, depth: number): Fields {
  if (depth === 0) throw new OtlpFault('limit', 'a value nests deeper than allowed');
  const result: Fields = {};
  while (reader.pos < end) {
    const place = placeOf(reader);
    const field = message.get(place.number);
    const value = field === undefined ? undefined : decodeField(reader, place, field, depth);
    if (field === undefined || value === undefined) skip(reader, place);
    else add(result, field, value);
    if (reader.pos > end) throw new RangeError(`field ${place.number} ends behind its message`);
  }
  return result;
}

/** Undefined where the wire type is not that of the field: then it is passed over like an unknown one. */
function decodeField(reader: Reader, place: Place, { type, repeated }: Field, depth: number): Json | Json[] | undefined {
  if (typeof type === 'function') {
    if (place.wire !== BYTES) return undefined;
    const length = reader.uint32();
    if (reader.pos + length > reader.len) throw new RangeError('a message ends behind its bytes');
    return decode(reader, reader.pos + length, type(), depth - 1);
  }
  if (place.wire === WIRE[type]) return scalar(reader, type);
  return repeated && place.wire === BYTES ? packed(reader, type) : undefined;
}

function packed(reader: Reader, type: Scalar): Json[] {
  const values: Json[] = [];
  for (const end = reader.uint32() + reader.pos; reader.pos < end; ) values.push(scalar(reader, type));
  return values;
}

function add(result: Fields, { name, repeated }: Field, value: Json | Json[]): void {
  if (!repeated) {
    result[name] = value;
    return;
  }
  const before = result[name];
  const list = Array.isArray(before) ? before : [];
  if (Array.isArray(value)) for (const one of value) list.push(one);
  else list.push(value);
  result[name] = list;
}

function scalar(reader: Reader, type: Scalar): Json {
  switch (type) {
    case 'string':
      return reader.string();
    case 'bytes':
      return buffer(reader.bytes()).toString('base64');
    case 'hex':
      return buffer(reader.bytes()).toString('hex');
    case 'bool':
      return reader.bool();
    case 'double':
      return number(reader.double());
    case 'uint32':
      return reader.uint32();
    case 'sint32':
      return reader.sint32();
    case 'fixed32':
      return reader.fixed32();
    case 'int64':
      return String(reader.int64());
    case 'uint64':
      return String(reader.uint64());
    case 'fixed64':
      return String(fixed64(reader));
    case 'sfixed64':
      return String(BigInt.asIntN(64, fixed64(reader)));
  }
}

function fixed64(reader: Reader): bigint {
  const low = reader.fixed32();
  return (BigInt(reader.fixed32()) << 32n) | BigInt(low);
}

/** Proto3's JSON has words for what JSON has no numbers for. */
function number(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function placeOf(reader: Reader): Place {
  const tag = reader.uint32();
  const place = { number: tag >>> 3, wire: tag & 7 };
  if (place.number === 0) throw new RangeError('field number 0');
  return place;
}

/** Groups are no part of proto3, and nest. */
function skip(reader: Reader, { wire }: Place): void {
  if (wire === 3 || wire === 4 || wire > 5) throw new RangeError(`wire type ${wire}`);
  reader.skipType(wire);
}

function readerOf(bytes: Uint8Array): Reader {
  return protobuf.Reader.create(bytes);
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
