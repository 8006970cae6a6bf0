import type { Json } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import type { ExportItem, Fields } from './export-item.ts';
import { OtlpFault } from './otlp-fault.ts';
import { SIGNALS, type Signal } from './signal.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** The items of an OTLP/JSON request. Fails with OtlpFault where it is none, or nests deeper than `maxDepth`. */
export function* decodeJson(signal: Signal, body: Uint8Array, maxDepth: number): Generator<ExportItem> {
  const { resources, scopes, items } = SIGNALS[signal];
  checkDepth(body, maxDepth);
  const request = parse(body);
  if (!isObject(request)) throw new OtlpFault('invalid', 'the body is no JSON object');
  for (const ofResource of list(request, resources, 'the request')) {
    const resource = part(ofResource, 'resource', resources);
    for (const ofScope of list(ofResource, scopes, resources)) {
      const scope = part(ofScope, 'scope', scopes);
      for (const item of list(ofScope, items, scopes)) yield { resource, scope, item };
    }
  }
}

/** Looked at before anything is parsed: what nests a million deep must cost no more than its bytes. */
function checkDepth(body: Uint8Array, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === QUOTE) at = stringEnd(body, at + 1);
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > maxDepth) throw new OtlpFault('limit', `the JSON nests deeper than ${maxDepth}`);
  }
}

function stringEnd(body: Uint8Array, from: number): number {
  let at = from;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new OtlpFault('invalid', `the body is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}`);
  }
}

function list(parent: Fields, name: string, within: string): Fields[] {
  const value: Json | undefined = parent[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new OtlpFault('invalid', `"${name}" of ${within} is no list`);
  return value.map((entry) => {
    if (!isObject(entry)) throw new OtlpFault('invalid', `an entry of "${name}" is no object`);
    return entry;
  });
}

function part(parent: Fields, name: string, within: string): Fields {
  const value: Json | undefined = parent[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new OtlpFault('invalid', `"${name}" of ${within} is no object`);
  return value;
}
