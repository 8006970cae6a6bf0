import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normaliseEvents } from '../src/normalise/normalise-events.ts';
import { DIFFERENT, SAME, type Thrown } from './error-pairs.ts';
import { LogRig } from './log-rig.ts';

const SOURCES = {
  'package.json': '{ "type": "module" }',
  'src/orders.ts': 'export const orders = 1;\n',
  'src/refund.ts': 'export const refund = 1;\n',
  'src/server.ts': 'export const server = 1;\n',
};

let rig: LogRig;
let logs = 0;
beforeAll(async () => {
  rig = await LogRig.open();
  await rig.track(SOURCES);
});
afterAll(() => rig[Symbol.asyncDispose]());

/** The fingerprints of errors that a service logs, through the whole reading of logs. */
async function fingerprintsOf(errors: readonly (Thrown & { stack?: string })[], from: LogRig = rig): Promise<(string | undefined)[]> {
  const lines = errors.map((thrown, nth) =>
    JSON.stringify({
      level: 50,
      time: 1_777_900_000_000 + nth,
      msg: 'request failed',
      err: { message: thrown.message, stack: thrown.stack ?? stackOf(thrown) },
    }),
  );
  logs += 1;
  from.write(`logs/${logs}.ndjson`, `${lines.join('\n')}\n`);
  const events = normaliseEvents(await from.read([`logs/${logs}.ndjson`]), { version: 0, templates: [] }).events;
  return errors.map((_, nth) => events[nth]?.error?.fingerprint);
}

function stackOf({ type = 'Error', message, frames = [], cause }: Thrown): string {
  const own = [`${type}: ${message}`, ...frames.map((frame) => `    ${frame}`)].join('\n');
  return cause === undefined ? own : `${own}\n  [cause]: ${stackOf(cause).replaceAll('\n', '\n  ')}`;
}

describe('one cause has one fingerprint, whatever varies', () => {
  it.each(SAME)('$name', async ({ a, b }) => {
    const [first, second] = await fingerprintsOf([a, b]);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).toBe(first);
  });
});

describe('two causes have two', () => {
  it.each(DIFFERENT)('$name', async ({ a, b }) => {
    const [first, second] = await fingerprintsOf([a, b]);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
  });
});

/** A service of two modules with two faults; `padding` moves its lines and makes the minifier choose other names. */
function serviceOf(padding: string): Record<string, string> {
  return {
    'package.json': '{ "type": "module" }',
    'src/label.ts': `${padding}export function shippingCity(order: any): string {\n  return order.address.city.toUpperCase();\n}\nexport function orderTotal(order: any): number {\n  return order.lines.reduce((sum: number, line: any) => sum + line.price, 0);\n}\n`,
    'src/main.ts': `${padding.replaceAll('moved', 'shifted')}import { orderTotal, shippingCity } from './label.ts';\nfor (const call of [() => shippingCity({}), () => orderTotal({})]) {\n  try {\n    console.log(call());\n  } catch (error) {\n    console.log(JSON.stringify({ message: (error as Error).message, stack: (error as Error).stack }));\n  }\n}\n`,
  };
}

const MOVED = Array.from(
  { length: 30 },
  (_, nth) =>
    `export const moved${nth} = (value: number) => value * ${nth} + Math.random();\nconsole.log.call(null, '', moved${nth}(${nth}));\n`,
).join('');

interface Printed {
  readonly message: string;
  readonly stack: string;
}

/** Both faults as the minified bundle prints them. */
async function minifiedStacks(from: LogRig, files: Record<string, string>, outfile: string): Promise<Printed[]> {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(from.root, path, '..'), { recursive: true });
    writeFileSync(join(from.root, path), content);
  }
  await build({
    absWorkingDir: from.root,
    entryPoints: ['src/main.ts'],
    outfile,
    bundle: true,
    minify: true,
    sourcemap: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  expect(readFileSync(join(from.root, outfile), 'utf8')).not.toContain('shippingCity');
  const { stdout } = await execa(process.execPath, [join(from.root, outfile)]);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Printed => JSON.parse(line));
}

describe('minified code', () => {
  it('with source maps: one cause over builds, and the same as unminified; two faults stay two', async () => {
    await using first = await LogRig.open();
    await first.track(serviceOf(''));
    const [cityThen, totalThen] = await fingerprintsOf(await minifiedStacks(first, serviceOf(''), 'dist/app.js'), first);
    await using second = await LogRig.open();
    await second.track(serviceOf(MOVED));
    const [cityNow, totalNow] = await fingerprintsOf(await minifiedStacks(second, serviceOf(MOVED), 'dist/app.js'), second);
    const plain = [
      {
        type: 'TypeError',
        message: "Cannot read properties of undefined (reading 'city')",
        frames: ['at shippingCity (/srv/app/src/label.ts:2:24)'],
      },
      {
        type: 'TypeError',
        message: "Cannot read properties of undefined (reading 'reduce')",
        frames: ['at orderTotal (/srv/app/src/label.ts:5:22)'],
      },
    ];
    expect(await fingerprintsOf(plain, second)).toEqual([cityNow, totalNow]);
    expect([cityNow, totalNow]).toEqual([cityThen, totalThen]);
    expect(cityNow).not.toBe(totalNow);
  });

  it('without source maps: one cause over builds and names of bundles; two faults stay two', async () => {
    await using builder = await LogRig.open();
    const then = await minifiedStacks(builder, serviceOf(''), 'out/app.3f2a1b.js');
    const now = await minifiedStacks(builder, serviceOf(MOVED), 'out/app.9c8d7e.js');
    expect(now).not.toEqual(then);
    // The rig that reads knows neither the bundles nor their maps.
    const [cityThen, totalThen, cityNow, totalNow] = await fingerprintsOf([...then, ...now]);
    expect([cityNow, totalNow]).toEqual([cityThen, totalThen]);
    expect(cityNow).not.toBe(totalNow);
  });
});
