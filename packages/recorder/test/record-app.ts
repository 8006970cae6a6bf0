import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { RecordedFrame } from '../src/captures.ts';
import type { Described } from '../src/describe/describe-value.ts';

const RECORDER = new URL('../src/index.ts', import.meta.url).href;

/** A log record of the recorder with its attributes by name. */
export interface Told {
  readonly severity: string;
  readonly body: string;
  readonly event: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly frames: readonly RecordedFrame[];
  readonly result: Described | undefined;
}

export interface Run {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** In the order of their times. */
  readonly records: readonly Told[];
  readonly errors: readonly Told[];
  readonly calls: readonly Told[];
}

/** Runs an application of a few files in a process of its own, with the recorder loaded as a user loads it, and reads what it recorded. */
export async function recordApp(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-recorder-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const [entry = ''] = Object.keys(files);
    const recording = join(folder, 'recording.ndjson');
    const from = performance.now();
    const run = await execa(process.execPath, ['--import', RECORDER, entry], {
      cwd: folder,
      reject: false,
      env: { NODE_OPTIONS: '', SELFHEAL_RECORDER_FILE: recording, ...env },
    });
    const ms = performance.now() - from;
    const records = recordsIn(await readFile(recording, 'utf8').catch(() => ''));
    return {
      exitCode: run.exitCode,
      stdout: run.stdout,
      stderr: run.stderr,
      ms,
      records,
      errors: records.filter(({ event }) => event === 'selfheal.error'),
      calls: records.filter(({ event }) => event === 'selfheal.call'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface ExportedRecord {
  readonly timeUnixNano: string;
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string>> }[];
}

export function recordsIn(lines: string): Told[] {
  const exported = lines
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line): ExportedRecord[] => JSON.parse(line).resourceLogs[0].scopeLogs[0].logRecords);
  return exported
    .sort((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano)))
    .map(({ severityText, body, attributes }) => {
      const named = Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));
      const result = named['selfheal.result'];
      return {
        severity: severityText,
        body: body.stringValue,
        event: named['event.name'] ?? '',
        attributes: named,
        frames: JSON.parse(named['selfheal.frames'] ?? '[]'),
        result: result === undefined ? undefined : JSON.parse(result),
      };
    });
}

/** Code that serves `handler` (an expression) over node:http, sends it the bodies, prints the statuses, and ends. */
export function servedOnce(handler: string, bodies: readonly unknown[]): string {
  return `
async function answer(request, response) {
  try {
    let text = '';
    for await (const part of request) text += part;
    response.end(JSON.stringify(await (${handler})(text)));
  } catch (error) {
    response.statusCode = error.status ?? 500;
    response.end();
  }
}
const server = http.createServer(answer);
server.listen(0, '127.0.0.1', async () => {
  const statuses = [];
  for (const body of ${JSON.stringify(bodies)}) {
    const sent = await fetch('http://127.0.0.1:' + server.address().port + '/orders?page=2', { method: 'POST', body: JSON.stringify(body), headers: { 'x-request-id': 'r-7' } });
    statuses.push(sent.status);
  }
  console.log(statuses.join(' '));
  server.close();
  server.closeAllConnections();
});
`;
}
