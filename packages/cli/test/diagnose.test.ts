import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from './in-process.ts';

const AT = Date.parse('2024-05-01T12:00:00Z');

/** Requests of a web service that calls stock, one OTLP/JSON request a line; with `isBroken` stock logs an error instead of what it found. */
function requests(from: number, count: number, isBroken: boolean): string {
  const nanos = (ms: number) => String(BigInt(Math.round(ms)) * 1_000_000n);
  const resource = (name: string) => ({ attributes: [{ key: 'service.name', value: { stringValue: name } }] });
  return Array.from({ length: count }, (_, index) => {
    const traceId = (from + index).toString(16).padStart(32, '0');
    const at = from + index * 2_000;
    const span = (spanId: string, name: string, start: number, end: number, parentSpanId = '') => ({
      ...{ traceId, spanId, parentSpanId, name },
      ...{ startTimeUnixNano: nanos(at + start), endTimeUnixNano: nanos(at + end) },
    });
    const line = (severityText: string, text: string) => ({
      timeUnixNano: nanos(at + 5),
      traceId,
      spanId: 'b2',
      severityText,
      body: { stringValue: text },
    });
    return [
      {
        resourceSpans: [
          { resource: resource('web'), scopeSpans: [{ spans: [span('a1', 'GET /', 0, 20), span('a2', 'GET', 2, 18, 'a1')] }] },
        ],
      },
      { resourceSpans: [{ resource: resource('stock'), scopeSpans: [{ spans: [span('b2', 'GET /stock', 3, 17, 'a2')] }] }] },
      {
        resourceLogs: [
          {
            resource: resource('stock'),
            scopeLogs: [{ logRecords: [isBroken ? line('ERROR', 'shelf is broken') : line('INFO', `found ${index}`)] }],
          },
        ],
      },
    ];
  })
    .flat()
    .map((request) => `${JSON.stringify(request)}\n`)
    .join('');
}

async function folder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-diagnose-'));
  await mkdir(join(root, 'normal'));
  await writeFile(join(root, 'normal', 'a.jsonl'), requests(AT - 7_200_000, 30, false));
  await writeFile(join(root, 'b.jsonl'), requests(AT - 240_000, 60, false) + requests(AT, 60, true));
  return root;
}

describe('telemetry diagnose', () => {
  it('names the service that fails, with evidence, at a time given in another zone or found', async () => {
    const root = await folder();
    for (const at of [[], ['--at', '2024-05-01 12:00:10'], ['--at', '2024-05-01T20:00:00Z'], ['--at', String(AT / 1_000)]]) {
      const { stdout, exitCode } = await run(['telemetry', 'diagnose', root, ...at]);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^1\. stock {2}exception/m);
      expect(stdout).toContain('shelf is broken');
    }
  });

  it('finds a contrast in a recording without a fault-free stretch, and says which', async () => {
    const root = await mkdtemp(join(tmpdir(), 'selfheal-diagnose-'));
    await writeFile(join(root, 'a.jsonl'), requests(AT, 60, true) + requests(AT + 240_000, 180, false));
    for (const at of [[], ['--at', String(AT / 1_000)]]) {
      const { stdout, exitCode } = await run(['telemetry', 'diagnose', root, ...at]);
      expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/compared with the rest of it[\s\S]*^1\. stock {2}exception/m)]);
    }
    await writeFile(join(root, 'a.jsonl'), requests(AT - 240_000, 90, false) + requests(AT, 60, true));
    const { stdout } = await run(['telemetry', 'diagnose', root]);
    expect(stdout).toMatch(/compared with what lies before \(\d+ calls\)[\s\S]*^1\. stock/m);
  });

  it('writes the causes as JSON', async () => {
    const root = await folder();
    const target = join(root, 'out', 'causes.json');
    await run(['telemetry', 'diagnose', root, '--json', target]);
    expect(JSON.parse(await readFile(target, 'utf8'))).toMatchObject({
      healthy: false,
      causes: [{ service: 'stock' }],
      read: { files: 2, hasBaseline: true },
    });
  });

  it('ends with 2 where nothing stands out', async () => {
    const { stdout, exitCode } = await run(['telemetry', 'diagnose', join(await folder(), 'normal')]);
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining('no service stands out')]);
  });

  it('refuses a folder without telemetry, and a time that is none', async () => {
    expect((await run(['telemetry', 'diagnose', '/nowhere/at/all'])).error).toMatchObject({ code: 'TELEMETRY_MISSING' });
    expect((await run(['telemetry', 'diagnose', await folder(), '--at', 'tomorrow'])).error).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
