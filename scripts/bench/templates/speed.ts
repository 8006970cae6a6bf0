import { HeaderReader, learnLayout, TemplateMiner } from '@selfheal/telemetry';
import { median } from '../table.ts';
import type { LabelledSet } from './labelled-sets.ts';

const COPIES = 6;
const RUNS = 5;
const NEW_SHAPES = 40_000;

/** Lines of all sets in turn; from the second copy on with other digits, so that hardly a line comes twice as it was. */
export function mixOf(lists: readonly (readonly string[])[]): string[] {
  const random = randomOf(7);
  const other = (digit: string): string => (digit === '0' ? '0' : String(1 + (random() % 9)));
  const longest = Math.max(...lists.map((list) => list.length));
  const lines: string[] = [];
  for (let copy = 0; copy < COPIES; copy += 1) {
    for (let at = 0; at < longest; at += 1) {
      for (const list of lists) lines.push(copy === 0 ? (list[at] ?? '') : (list[at] ?? '').replace(/\d/g, other));
    }
  }
  return flat(lines);
}

/** Texts of which no two share more than a word by chance: the miner can reuse nothing, and forgets all the time. */
export function newShapes(): string[] {
  const random = randomOf(11);
  const word = (): string => Array.from({ length: 6 }, () => String.fromCharCode(97 + (random() % 26))).join('');
  return flat(Array.from({ length: NEW_SHAPES }, () => Array.from({ length: 8 }, word).join(' ')));
}

/** Lines a second of processor time, one miner for all, median of several runs; the first run warms up. */
export function contentSpeed(lines: readonly string[]): number {
  return rateOf(lines, () => {
    const miner = new TemplateMiner();
    return (line) => void miner.mine(line);
  });
}

/** The same from raw lines: one miner and one head reader for each set, as each would be a source. */
export function rawSpeed(lines: readonly string[], sets: readonly LabelledSet[]): number {
  const layouts = sets.map(({ raw }) => learnLayout(raw.slice(0, 1_000)));
  return rateOf(lines, () => {
    const parts = layouts.map((layout) => ({ head: new HeaderReader(layout), miner: new TemplateMiner() }));
    return (line, at) => {
      const part = parts[at % parts.length];
      part?.miner.mine(line.slice(part.head.end(line)));
    };
  });
}

function rateOf(lines: readonly string[], start: () => (line: string, at: number) => void): number {
  const rates: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const each = start();
    const before = process.cpuUsage();
    for (const [at, line] of lines.entries()) each(line, at);
    const { user, system } = process.cpuUsage(before);
    if (run > 0) rates.push(lines.length / ((user + system) / 1_000_000));
  }
  return median(rates);
}

/** Strings as they come from a file: not pieced together from parts. */
function flat(lines: readonly string[]): string[] {
  return Buffer.from(lines.join('\n')).toString().split('\n');
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}
