import { parseObject } from './json-line.ts';
import { stampAt } from './stamp.ts';

export interface Unwrapped {
  line: string;
  /** Stamp of the wrapper: used where the inner line has none. */
  stamp?: number;
  stream?: string;
}

const CRI = /^(\d{4}-\d{2}-\d{2}T[\d:.]{8,18}(?:Z|[+-]\d{2}:\d{2})) (stdout|stderr) [FP] /;
const COMPOSE = /^[\w.-]{1,80}\s+\| /;
const PM2 = /^\d{1,4}\|[\w. -]{1,60}\| /;

/** Takes off what a container runtime or process manager put around a line: Docker's JSON file, CRI, compose, pm2. */
export function unwrap(line: string, reference: number): Unwrapped {
  if (line.startsWith('{')) return (line.startsWith('{"log":') ? unwrapDocker(line, reference) : undefined) ?? { line };
  const cri = CRI.exec(line);
  if (cri !== null) {
    const stamp = stampAt(cri[1] ?? '', reference)?.stamp;
    return { line: line.slice(cri[0].length), stream: cri[2] ?? '', ...(stamp === undefined ? {} : { stamp }) };
  }
  const named = COMPOSE.exec(line) ?? PM2.exec(line);
  return { line: named === null ? line : line.slice(named[0].length) };
}

function unwrapDocker(line: string, reference: number): Unwrapped | undefined {
  const value = parseObject(line);
  if (value === undefined || typeof value.log !== 'string' || typeof value.stream !== 'string') return undefined;
  const stamp = typeof value.time === 'string' ? stampAt(value.time, reference)?.stamp : undefined;
  return { line: value.log.replace(/\r?\n$/, ''), stream: value.stream, ...(stamp === undefined ? {} : { stamp }) };
}
