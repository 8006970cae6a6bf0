import { HeaderReader } from '../readers/header/header-reader.ts';
import { learnLayout } from '../readers/header/layout.ts';
import { TemplateMiner } from './miner.ts';

export interface TemplateLine {
  /** From 1. */
  lineId: number;
  eventId: string;
  /** `<*>` for variables. */
  template: string;
}

const SAMPLE = 1_000;

/**
 * The template of each line of a text read twice: mined first, then told, so that a line early in the text has the template that the
 * whole text showed to be its. Memory does not grow with the text. `raw`: lines have a head of unknown format, which is cut off.
 */
export async function* templateLines(read: () => AsyncIterable<string> | Iterable<string>, raw: boolean): AsyncGenerator<TemplateLine> {
  const head = raw ? new HeaderReader(learnLayout(await sampleOf(read()))) : undefined;
  const miner = new TemplateMiner();
  for await (const line of read()) miner.mine(textOf(line, head));
  let lineId = 0;
  for await (const line of read()) {
    lineId += 1;
    const { id, template } = miner.templateOf(textOf(line, head));
    yield { lineId, eventId: id, template };
  }
}

function textOf(line: string, head: HeaderReader | undefined): string {
  return head === undefined ? line : line.slice(head.end(line));
}

async function sampleOf(lines: AsyncIterable<string> | Iterable<string>): Promise<string[]> {
  const sample: string[] = [];
  for await (const line of lines) {
    sample.push(line);
    if (sample.length === SAMPLE) break;
  }
  return sample;
}
