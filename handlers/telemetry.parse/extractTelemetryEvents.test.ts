import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractTelemetryEvents } from './extractTelemetryEvents.ts';
import { loadLogFiles } from './loadLogFiles.ts';
import { ParseRig } from './testing/parse-rig.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/telemetry.parse/${name}`, import.meta.url), 'utf8');

let rig: ParseRig;
beforeEach(async () => {
  rig = await ParseRig.open();
  await rig.track({
    'src/payment.ts': '',
    'src/routes.ts': '',
    'src/label.ts': '',
    'package.json': '{}',
    'package-lock.json': '{}',
    '.github/workflows/ci.yml': '',
    'test/payment.test.ts': '',
    'vitest.config.ts': '',
  });
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

async function extract(name: string) {
  rig.write('app.log', fixture(name));
  const { segments } = await loadLogFiles({ projectId: 'p', paths: ['app.log'], maxBytes: 1_000_000 }, rig.ports);
  return await extractTelemetryEvents({ projectId: 'p', segments }, rig.ports);
}

describe('extractTelemetryEvents', () => {
  it('reads every format of a mixed log', async () => {
    const { formats, unparsed, lines } = await extract('mixed.ndjson');
    expect(formats).toEqual({
      pino: 2,
      conductor: 6,
      serilog: 1,
      logfmt: 1,
      'handler-duration': 1,
      text: 1,
      plain: 2,
      'access-log': 1,
      winston: 1,
      syslog: 1,
      'beat-log': 1,
      ecs: 1,
      'otlp-span': 3,
      'otlp-log': 1,
    });
    expect({ unparsed, lines }).toEqual({ unparsed: 2, lines: 27 });
  });

  it('joins stacks and maps their frames to the repository', async () => {
    const { events } = await extract('mixed.ndjson');
    const error = events.find((event) => event.text.startsWith('payment of order'))?.error;
    expect(error?.frames.map(({ file, inApp }) => [file, inApp])).toEqual([
      ['src/payment.ts', true],
      ['src/routes.ts', true],
      ['node:internal/process/task_queues', false],
    ]);
    expect(error?.cause).toMatchObject({ message: 'vault timed out after 3000ms', frames: [{ inApp: false }] });
  });

  it('lets a hostile log name no file but those of the application, and show nothing that is hidden', async () => {
    const { events } = await extract('hostile.txt');
    const frames = events.flatMap((event) => event.error?.frames ?? []);
    expect(new Set(frames.filter((frame) => frame.inApp).map((frame) => frame.file))).toEqual(new Set(['src/payment.ts']));
    expect(frames.length).toBeGreaterThan(6);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must be gone
    expect(JSON.stringify(events)).not.toMatch(/\\u001b|[\u001b\u200b\u202e]|hunter2/);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('hands on the state of the miner', async () => {
    expect((await extract('mixed.ndjson')).miner.templates).toEqual([]);
    const state = { version: 1, templates: [{ id: 'a', tokens: ['up'], count: 3 }] };
    await rig.store.records.put('miner', { id: 'p', projectId: 'p', state, updatedAt: 1 });
    expect((await extractTelemetryEvents({ projectId: 'p', segments: [] }, rig.ports)).miner).toEqual(state);
  });
});
