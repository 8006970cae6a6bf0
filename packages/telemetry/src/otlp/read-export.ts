import { createHash } from 'node:crypto';
import { sealLine } from '../intake/sealed-line.ts';
import { decodeJson } from './decode-json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { type ExportItem, type Fields, faultOf, isUnique, recordsIn } from './export-item.ts';
import { OtlpFault } from './otlp-fault.ts';
import { hideSecretPairs, type Redact } from './secret-pairs.ts';
import { SIGNALS, type Signal } from './signal.ts';

export type OtlpEncoding = 'protobuf' | 'json';

export interface ExportLimits {
  /** Of a line of the intake; a single record that is longer is rejected. */
  readonly maxLineBytes: number;
  /** Of all that one request becomes. */
  readonly maxBytes: number;
}

/** A sealed line of a segment, and the key that tells whether it was delivered before. */
export interface DeliveredLine {
  readonly key: string | undefined;
  readonly bytes: Uint8Array;
}

export interface ReadExport {
  readonly lines: readonly DeliveredLine[];
  /** Records: spans, log records, data points. */
  readonly accepted: number;
  readonly rejected: number;
  /** Why some were rejected; empty where none was. */
  readonly message: string;
}

const MAX_DEPTH: Readonly<Record<OtlpEncoding, number>> = { protobuf: 64, json: 200 };
/** A damaged byte costs one line: it should not hold too much, nor repeat its resource too often. */
const LINE_CHARS = 131_072;

/**
 * Takes an inflated export request apart into lines of OTLP/JSON without secrets, each of a few hundred records at most. The same bytes
 * give the same lines and keys. Fails with OtlpFault where the request as a whole cannot be taken; single records that cannot are counted.
 */
export function readExport(
  request: { readonly signal: Signal; readonly encoding: OtlpEncoding; readonly body: Uint8Array },
  limits: ExportLimits,
  redact: Redact,
): ReadExport {
  const { signal, encoding, body } = request;
  const decode = encoding === 'json' ? decodeJson : decodeProtobuf;
  const builder = new LineBuilder(request, limits, redact);
  const faults = new Map<string, number>();
  let accepted = 0;
  for (const found of decode(signal, body, MAX_DEPTH[encoding])) {
    const fault = faultOf(signal, found.item) ?? builder.add(found);
    const records = recordsIn(signal, found.item);
    if (fault === undefined) accepted += records;
    else faults.set(fault, (faults.get(fault) ?? 0) + records);
  }
  const lines = builder.finish();
  const rejected = [...faults.values()].reduce((sum, count) => sum + count, 0);
  return { lines, accepted, rejected, message: [...faults].map(([fault, count]) => describe(signal, fault, count)).join('; ') };
}

function describe(signal: Signal, fault: string, count: number): string {
  return `${count} ${SIGNALS[signal].noun}${count === 1 ? '' : 's'} rejected: ${fault}`;
}

/** Gathers items of one resource and scope into lines. */
class LineBuilder {
  readonly #lines: DeliveredLine[] = [];
  readonly #signal: Signal;
  readonly #limits: ExportLimits;
  readonly #redact: Redact;
  readonly #request: string;
  #group: Pick<ExportItem, 'resource' | 'scope'> | undefined;
  #head = '';
  #items: string[] = [];
  #chars = 0;
  #bytes = 0;
  #unique = true;

  constructor({ signal, body }: { signal: Signal; body: Uint8Array }, limits: ExportLimits, redact: Redact) {
    this.#signal = signal;
    this.#limits = limits;
    this.#redact = redact;
    this.#request = createHash('sha256').update(signal).update(body).digest('base64url').slice(0, 22);
  }

  /** Why the item is too large, undefined where it was taken. */
  add(found: ExportItem): string | undefined {
    if (found.resource !== this.#group?.resource || found.scope !== this.#group.scope) this.#begin(found);
    hideSecretPairs(found.item, this.#redact);
    const text = JSON.stringify(found.item);
    const { maxLineBytes } = this.#limits;
    // Seal, key and closing brackets need room too.
    if (Buffer.byteLength(text) + Buffer.byteLength(this.#head) + 128 > maxLineBytes)
      return `it has more than ${maxLineBytes} bytes with its resource`;
    if (this.#chars + text.length > Math.min(LINE_CHARS, maxLineBytes / 3)) this.#end();
    this.#items.push(text);
    this.#chars += text.length;
    this.#unique &&= isUnique(this.#signal, found.item);
    return undefined;
  }

  finish(): DeliveredLine[] {
    this.#end();
    return this.#lines;
  }

  #begin({ resource, scope }: ExportItem): void {
    this.#end();
    const { resources, scopes, items } = SIGNALS[this.#signal];
    if (resource !== this.#group?.resource) hideSecretPairs(resource, this.#redact);
    hideSecretPairs(scope, this.#redact);
    this.#group = { resource, scope };
    this.#head = `{"${resources}":[{"resource":${text(resource)},"${scopes}":[{"scope":${text(scope)},"${items}":[`;
  }

  #end(): void {
    if (this.#items.length === 0) return;
    const key = this.#unique ? `${this.#request}.${this.#lines.length.toString(36)}` : undefined;
    const line = sealLine({ key, text: this.#redact(`${this.#head}${this.#items.join(',')}]}]}]}`) });
    const bytes = Buffer.from(line);
    this.#lines.push({ key, bytes });
    this.#bytes += bytes.length;
    if (this.#bytes > this.#limits.maxBytes) throw new OtlpFault('limit', `the request becomes more than ${this.#limits.maxBytes} bytes`);
    this.#items = [];
    this.#chars = 0;
    this.#unique = true;
  }
}

function text(fields: Fields): string {
  return JSON.stringify(fields);
}
