import { HeaderReader } from '../readers/header/header-reader.ts';
import { learnLayout } from '../readers/header/layout.ts';
import { TemplateMiner } from './miner.ts';
import type { LineSource } from './sources/line-source.ts';

export interface TemplateLine {
  /** From 1, through all sources. */
  lineId: number;
  eventId: string;
  /** `<*>` for variables. */
  template: string;
}

/** How far it has come; `pass` 1 learns, 2 tells. */
export interface TemplateProgress {
  pass: 1 | 2;
  lines: number;
}

const SAMPLE = 1_000;

/**
 * The template of each line of texts that are read twice: mined first, then told, so that a line early in the text has the template that
 * the whole text showed to be its. Memory does not grow with the text. The head of raw lines is learned per source, and cut off.
 */
export async function* templateLines(
  sources: readonly LineSource[],
  onProgress: (progress: TemplateProgress) => void = () => undefined,
): AsyncGenerator<TemplateLine[]> {
  const heads = new Map<LineSource, HeaderReader>();
  const miner = new TemplateMiner();
  let lines = 0;
  for (const source of sources) {
    const head = source.raw ? new HeaderReader(learnLayout(await sampleOf(source))) : undefined;
    if (head !== undefined) heads.set(source, head);
    for await (const batch of source.read()) {
      for (const line of batch) miner.mine(textOf(line, head));
      lines += batch.length;
      onProgress({ pass: 1, lines });
    }
  }
  let lineId = 0;
  for (const source of sources) {
    const head = heads.get(source);
    for await (const batch of source.read()) {
      yield batch.map((line): TemplateLine => {
        const { id, template } = miner.templateOf(textOf(line, head));
        lineId += 1;
        return { lineId, eventId: id, template };
      });
      onProgress({ pass: 2, lines: lineId });
    }
  }
}

function textOf(line: string, head: HeaderReader | undefined): string {
  return head === undefined ? line : line.slice(head.end(line));
}

async function sampleOf(source: LineSource): Promise<string[]> {
  const sample: string[] = [];
  for await (const batch of source.read()) {
    for (const line of batch) if (line.trim() !== '' && sample.length < SAMPLE) sample.push(line);
    if (sample.length === SAMPLE) break;
  }
  return sample;
}
