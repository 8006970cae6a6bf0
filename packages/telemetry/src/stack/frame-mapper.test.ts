import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogRig } from '../../test/log-rig.ts';
import { FrameMapper } from './frame-mapper.ts';

const REPOSITORY = {
  'src/shipping/label.ts': 'export const label = 1;\n',
  'src/routes/shipping.ts': 'export const routes = 1;\n',
  'lib/cart.js': 'exports.cart = 1;\n',
  'index.js': 'require("./lib/cart");\n',
  'package.json': '{}',
  'src/label.test.ts': '',
  'test/cart.js': '',
  'vitest.config.ts': '',
  '.github/scripts/ci.js': '',
};

let rig: LogRig;
beforeAll(async () => {
  rig = await LogRig.open();
  await rig.track(REPOSITORY);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

async function map(file: string, line = 3, column = 7, sourceMaps: string[] = []) {
  const mapper = await FrameMapper.open(rig.root, sourceMaps);
  const [frame] = await mapper.mapFrames([{ function: 'pack', file, line, column }]);
  return frame;
}

/** A source map that sends each generated line n to source line `lines[n]`, both from 0. */
function sourceMap(source: string, lines: readonly number[], names: readonly string[] = []): string {
  let before = 0;
  const mappings = lines.map((line) => {
    const segment = `AA${vlq(line - before)}A`;
    before = line;
    return segment;
  });
  return JSON.stringify({ version: 3, sources: [source], names, mappings: mappings.join(';') });
}

function vlq(value: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>= 5;
    text += digits[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

describe('paths of other machines', () => {
  it.each([
    ['/srv/releases/8f3a/src/shipping/label.ts', 'src/shipping/label.ts'],
    ['file:///app/src/shipping/label.ts', 'src/shipping/label.ts'],
    ['C:\\app\\src\\routes\\shipping.ts', 'src/routes/shipping.ts'],
    ['webpack://shop/./src/shipping/label.ts?1a2b', 'src/shipping/label.ts'],
    ['webpack-internal:///(rsc)/./src/shipping/label.ts', 'src/shipping/label.ts'],
    ['https://shop.test/src/shipping/label.ts', 'src/shipping/label.ts'],
    ['/app/a%20b/lib/cart.js', 'lib/cart.js'],
    ['/app/index.js', 'index.js'],
    ['src/shipping/label.ts', 'src/shipping/label.ts'],
  ])('%s is %s', async (file, expected) => {
    expect(await map(file)).toEqual({ function: 'pack', file: expected, line: 3, column: 7, inApp: true });
  });

  it.each([
    '/app/node_modules/fastify/lib/cart.js',
    'node:internal/process/task_queues',
    '/app/package.json',
    '/app/.github/scripts/ci.js',
    '/app/.github/workflows/ci.yml',
    '/app/src/label.test.ts',
    '/app/test/cart.js',
    '/app/vitest.config.ts',
    '/app/../../etc/lib/cart.js',
    '/usr/lib/tool/index.js',
    '/app/src/missing.ts',
    '<anonymous>',
    '',
  ])('%s is not the application', async (file) => {
    expect(await map(file)).toMatchObject({ file, inApp: false });
  });

  it('takes a bare file name only below a root that other frames showed', async () => {
    const mapper = await FrameMapper.open(rig.root, []);
    const at = (file: string) => ({ file, line: 1, column: 1 });
    const frames = await mapper.mapFrames([at('/srv/shop/lib/cart.js'), at('/srv/shop/index.js'), at('/srv/other/index.js')]);
    expect(frames.map((frame) => frame.inApp)).toEqual([true, true, false]);
  });

  it('works without git', async () => {
    const plain = await LogRig.open();
    plain.write('src/a.ts', '');
    const mapper = await FrameMapper.open(plain.root, []);
    expect(await mapper.mapFrames([{ file: '/app/src/a.ts', line: 1, column: 1 }])).toMatchObject([{ file: 'src/a.ts', inApp: true }]);
    await plain[Symbol.asyncDispose]();
  });
});

describe('source maps', () => {
  it('follows a map beside the generated file', async () => {
    rig.write('dist/shipping/label.js', 'x\nx\nx\n//# sourceMappingURL=label.js.map\n');
    rig.write('dist/shipping/label.js.map', sourceMap('../../src/shipping/label.ts', [10, 40, 19]));
    expect(await map('/srv/shop/dist/shipping/label.js')).toEqual({
      function: 'pack',
      file: 'src/shipping/label.ts',
      line: 20,
      column: 1,
      inApp: true,
    });
  });

  it('follows a map within the generated file', async () => {
    const inline = Buffer.from(sourceMap('webpack://shop/./src/routes/shipping.ts', [0, 0, 8])).toString('base64');
    rig.write('build/main.js', `x\nx\nx\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${inline}\n`);
    expect(await map('/app/build/main.js')).toMatchObject({ file: 'src/routes/shipping.ts', line: 9, inApp: true });
  });

  it('follows maps kept in a configured folder outside the repository', async () => {
    const away = await LogRig.open();
    away.write('maps/main.js.map', sourceMap('src/shipping/label.ts', [0, 0, 5]));
    expect(await map('/app/main.js', 3, 7, [`${away.root}/maps`])).toMatchObject({ file: 'src/shipping/label.ts', line: 6, inApp: true });
    await away[Symbol.asyncDispose]();
  });

  it('follows what the TypeScript compiler wrote', async () => {
    rig.write(
      'src/shipping/label.ts',
      'interface Address { country: string }\n\nexport function label(address: Address): string {\n  return address.country;\n}\n',
    );
    rig.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { outDir: 'out', rootDir: 'src', sourceMap: true, target: 'es2022', module: 'nodenext' },
        files: ['src/shipping/label.ts'],
      }),
    );
    await execa('tsc', ['-p', rig.root], { preferLocal: true, localDir: import.meta.dirname });
    const mapper = await FrameMapper.open(rig.root, []);
    const [frame] = await mapper.mapFrames([{ function: 'label', file: '/app/out/shipping/label.js', line: 5, column: 20 }]);
    expect(frame).toMatchObject({ function: 'label', file: 'src/shipping/label.ts', line: 4, inApp: true });
  });

  it('leaves a frame as it stood where the map is damaged or knows nothing of it', async () => {
    rig.write('dist/a.js', 'x\n');
    rig.write('dist/a.js.map', '{"version":3,');
    rig.write('dist/b.js', 'x\n');
    rig.write('dist/b.js.map', sourceMap('../src/shipping/label.ts', []));
    expect(await map('/app/dist/a.js')).toMatchObject({ file: '/app/dist/a.js', line: 3, inApp: false });
    expect(await map('/app/dist/b.js')).toMatchObject({ file: '/app/dist/b.js', inApp: false });
  });
});
