/** Bytes of an answer at most: far beyond what a model writes, and far below what would hurt. */
const MAX_BODY = 4 * 1024 * 1024;

/**
 * A fetch for the SDKs. It follows no redirect, because a redirect would carry the key to another host; and it reads the body to its end
 * within the signal and a size, because the SDKs' timeout ends with the headers (measured: a body that drips holds them for ever).
 */
export async function boundedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual' });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    return new Response('redirects are not followed', { status: 421, headers: { 'x-should-retry': 'false' } });
  }
  const body = await readBounded(response);
  const empty = response.status === 204 || response.status === 205 || response.status === 304;
  return new Response(empty ? null : body, { status: response.status, statusText: response.statusText, headers: response.headers });
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY) throw new Error(`the answer has more than ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
