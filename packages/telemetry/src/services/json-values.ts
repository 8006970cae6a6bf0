import type { ByteSource } from '../intake/byte-source.ts';
import { LineSplitter } from '../intake/line-splitter.ts';

/**
 * The JSON objects of a file: one a line, as the OpenTelemetry Collector's file exporter writes them, or one that goes over many lines (held in memory, up to
 * `MAX_WHOLE` characters). Lines that are no JSON are left off.
 */
export async function* jsonValues(source: ByteSource): AsyncGenerator<unknown> {
  let whole: string[] | undefined;
  let size = 0;
  let isFirst = true;
  for await (const line of linesOf(source)) {
    if (whole !== undefined) {
      size += line.length;
      whole.push(line);
      if (size <= MAX_WHOLE) continue;
      // No object is that large: the first line was torn, and each stands for itself.
      for (const held of whole) yield* elements(parsed(held));
      whole = undefined;
      continue;
    }
    const value = parsed(line);
    if (value !== undefined) yield* elements(value);
    else if (isFirst && /^[{[]/.test(line)) whole = [line];
    isFirst = false;
  }
  if (whole === undefined) return;
  const value = parsed(whole.join('\n'));
  // The first of many lines may be torn where the file was rotated: then each line stands for itself.
  for (const one of value === undefined ? whole.map(parsed) : [value]) yield* elements(one);
}

const MAX_WHOLE = 268_435_456;
const MAX_LINE = 67_108_864;

async function* linesOf(source: ByteSource): AsyncGenerator<string> {
  const splitter = new LineSplitter({ encoding: 'utf8', offset: 0, line: 0, maxLineBytes: MAX_LINE });
  for await (const chunk of source.read(0)) for (const { text } of splitter.push(chunk)) if (text?.trim()) yield text.trim();
  const last = splitter.finish()?.text?.trim();
  if (last) yield last;
}

function* elements(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) yield* value;
  else if (value !== undefined) yield value;
}

function parsed(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
