import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './in-process.ts';

const TYPESCRIPT = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const PROJECT = {
  compilerOptions: { strict: true, outDir: 'dist', rootDir: 'src', module: 'nodenext', target: 'es2022', types: [] },
  include: ['src'],
};

test('mends a package that does not compile, builds what it blocked, and leaves alone what fails otherwise', async () => {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-build-heal-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, content: unknown): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const manifest = (name: string, build: string, needs: readonly string[] = []) =>
    write(`packages/${name}/package.json`, {
      name,
      version: '1.0.0',
      type: 'module',
      scripts: { build },
      dependencies: Object.fromEntries(needs.map((other) => [other, '*'])),
    });
  await write('package.json', { name: 'all', private: true, workspaces: ['packages/*'] });
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await symlink(TYPESCRIPT, join(root, 'node_modules/typescript'));
  await symlink('../typescript/bin/tsc', join(root, 'node_modules/.bin/tsc'));
  await manifest('cart', 'tsc -p .');
  await write('packages/cart/tsconfig.json', PROJECT);
  const right =
    'export interface Line { readonly price: number }\nexport const totalOf = (lines: Line[]): number => lines.reduce((sum, line) => sum + line.price, 0);\n';
  await write('packages/cart/src/index.ts', right.replace('line.price', 'line.prize'));
  await manifest('shop', 'test -f ../cart/dist/index.js && mkdir -p dist && echo made > dist/x', ['cart']);
  await manifest('broken', 'exit 4');

  const json = join(root, 'reports/build.json');
  const { error, exitCode, stdout } = await run(['build', '--no-durable', '--heal', '--repo', root, '--json', json]);
  expect([error, exitCode]).toEqual([undefined, 1]);
  expect(stdout).toMatch(
    /✔ mended cart#build: packages\/cart\/src\/index\.ts:2.*✖ broken#build: exit code 4.*1 built, 1 healed, 1 failed/s,
  );
  expect(await readFile(join(root, 'packages/cart/src/index.ts'), 'utf8')).toBe(right);
  const report = JSON.parse(await readFile(json, 'utf8'));
  expect(report).toMatchObject({
    totalFixAttempts: 1,
    mostFixAttempts: [{ packageName: 'cart', fixAttempts: 1 }],
    fixes: [{ kept: true }],
  });
  expect(await readFile(join(root, '.selfheal/build', report.fixes[0].patch), 'utf8')).toContain('+export const totalOf');
}, 60_000);
