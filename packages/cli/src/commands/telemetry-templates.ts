import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvField, type LineSource, openLineSource, printable, type TemplateLine, type TemplateProgress, templateLines } from 'selfheal';
import { styleOf } from '../output/style.ts';
import type { Terminal } from '../terminal.ts';

interface TemplatesOptions {
  readonly contentColumn?: string;
  readonly csv?: string;
  readonly quiet?: boolean;
}

const PROGRESS_MS = 2_000;

/**
 * `selfheal telemetry templates`: the templates of log files of any format, by how often they came; `--csv` writes that of each line.
 * `-` is standard input, which is kept in a temporary file, as lines are read twice.
 */
export async function telemetryTemplatesCommand(terminal: Terminal, files: readonly string[], options: TemplatesOptions): Promise<void> {
  const { contentColumn, csv } = options;
  const { signal } = terminal;
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-templates-'));
  try {
    const sources: LineSource[] = [];
    for (const file of files) {
      const path = file === '-' ? await spooled(terminal, folder) : resolve(file);
      sources.push(await openLineSource(path, { signal, ...(contentColumn === undefined ? {} : { contentColumn }) }));
    }
    const batches = templateLines(sources, options.quiet === true ? undefined : progressOf(terminal));
    if (csv === undefined) await printTable(terminal, batches);
    else if (csv === '-') await writeRows(terminal.stdout, batches);
    else await writeFileOf(resolve(csv), batches);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function spooled(terminal: Terminal, folder: string): Promise<string> {
  const path = join(folder, 'stdin');
  await pipeline(Readable.from(terminal.stdin, { objectMode: false }), createWriteStream(path, { mode: 0o600 }), {
    signal: terminal.signal,
  });
  return path;
}

/** The file is there whole or not at all. */
async function writeFileOf(path: string, batches: AsyncIterable<TemplateLine[]>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.part`;
  const stream = createWriteStream(draft);
  try {
    await once(stream, 'open');
    await writeRows(stream, batches);
    stream.end();
    await once(stream, 'finish');
    await rename(draft, path);
  } catch (error) {
    stream.destroy();
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeRows(stream: NodeJS.WritableStream, batches: AsyncIterable<TemplateLine[]>): Promise<void> {
  stream.write('LineId,EventId,EventTemplate\n');
  for await (const batch of batches) {
    const rows = batch.map(({ lineId, eventId, template }) => `${lineId},${eventId},${csvField(template)}\n`);
    if (rows.length > 0 && !stream.write(rows.join(''))) await once(stream, 'drain');
  }
}

async function printTable(terminal: Terminal, batches: AsyncIterable<TemplateLine[]>): Promise<void> {
  const counts = new Map<string, { template: string; count: number }>();
  let lines = 0;
  for await (const batch of batches) {
    for (const { eventId, template } of batch) {
      if (template === '') continue;
      lines += 1;
      const known = counts.get(eventId);
      if (known === undefined) counts.set(eventId, { template, count: 1 });
      else known.count += 1;
    }
  }
  const style = styleOf(terminal);
  const rows = [...counts.values()].sort((a, b) => b.count - a.count || (a.template < b.template ? -1 : 1));
  terminal.stdout.write(style.bold(`${lines} lines, ${rows.length} ${rows.length === 1 ? 'template' : 'templates'}\n`));
  for (const { template, count } of rows) terminal.stdout.write(`${String(count).padStart(9)}  ${printable(template)}\n`);
}

function progressOf(terminal: Terminal): (progress: TemplateProgress) => void {
  let told = performance.now();
  return ({ pass, lines }) => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    terminal.stderr.write(`${pass === 1 ? 'learning' : 'telling'}: ${lines.toLocaleString('en')} lines\n`);
  };
}
