import type { Readable } from 'node:stream';

/** Resolves at the first line that holds the text; the stream is read on, so that its writer never waits. */
export async function lineWith(stream: Readable, text: string): Promise<void> {
  let seen = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    if (seen.includes(text)) break;
  }
  stream.resume();
  if (!seen.includes(text)) throw new Error(`selfheal up ended before it was ready: ${seen.slice(-2_000)}`);
}
