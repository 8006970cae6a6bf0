import { crc32 } from 'node:zlib';

/**
 * A line of an intake segment: `<crc32 in hex> <key> <text>\n`. The checksum covers key and text, so that a flipped or torn byte is
 * seen. The key names what a sender may deliver twice; `-` where it cannot be told from something else that is alike.
 */
export interface SealedLine {
  key: string | undefined;
  text: string;
}

const NO_KEY = '-';
const SHAPE = /^([0-9a-f]{8}) (([A-Za-z0-9_.-]{1,64}) )/;

/** `text` has no line end in it. */
export function sealLine({ key, text }: SealedLine): string {
  const body = `${key ?? NO_KEY} ${text}`;
  return `${checksum(body)} ${body}\n`;
}

/** Undefined where the line is not what was written. */
export function unsealLine(line: string): SealedLine | undefined {
  const match = SHAPE.exec(line);
  if (match === null) return undefined;
  const [whole, sum, , key = NO_KEY] = match;
  if (checksum(line.slice(9)) !== sum) return undefined;
  return { key: key === NO_KEY ? undefined : key, text: line.slice(whole.length) };
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
