import protobuf from 'protobufjs/minimal.js';
import type { OtlpEncoding } from './read-export.ts';
import { SIGNALS, type Signal } from './signal.ts';

/** Codes of google.rpc.Status that a receiver of telemetry has use for. */
export type RpcCode = 3 | 5 | 8 | 12 | 13 | 14;

/** The body of a `Export*ServiceResponse`. Where nothing was rejected it is empty, as the specification wants it. */
export function exportResponse(signal: Signal, encoding: OtlpEncoding, outcome: { rejected: number; message: string }): Uint8Array {
  const { rejected, message } = outcome;
  if (encoding === 'json') {
    const partialSuccess = { [SIGNALS[signal].rejected]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(rejected === 0 ? {} : { partialSuccess }));
  }
  const writer = protobuf.Writer.create();
  if (rejected > 0) writer.uint32(tag(1, 2)).fork().uint32(tag(1, 0)).int64(rejected).uint32(tag(2, 2)).string(message).ldelim();
  return writer.finish();
}

/** The body of a google.rpc.Status: what every answer but 200 holds. */
export function statusBody(encoding: OtlpEncoding, code: RpcCode, message: string): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return protobuf.Writer.create().uint32(tag(1, 0)).int32(code).uint32(tag(2, 2)).string(message).finish();
}

function tag(number: number, wire: number): number {
  return (number << 3) | wire;
}
