import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './in-process.ts';

const require = createRequire(import.meta.url);
const TYPESCRIPT = dirname(require.resolve('typescript/package.json'));
const BIOME = dirname(require.resolve('@biomejs/biome/package.json'));
const PROJECT = {
  compilerOptions: { strict: true, outDir: 'dist', rootDir: 'src', module: 'nodenext', target: 'es2022', types: [], declaration: true },
  include: ['src'],
};
const CART =
  'export interface Line { readonly price: number }\nexport const totalOf = (lines: Line[]): number => lines.reduce((sum, line) => sum + line.price, 0);\n';

test('mends in a copy what does not compile, a missing dependency and style, goes on there, and applies what is asked for', async () => {
  const root = await workspace();
  const json = join(root, 'reports/build.json');
  const { error, exitCode, stdout, stderr } = await run(['build', '--no-durable', '--heal', '--repo', root, '--json', json]);
  expect([error, exitCode]).toEqual([undefined, 1]);
  expect(stdout, stderr).toMatch(/✖ broken#build: exit code 4.*1 built, 3 healed, 1 failed/s);
  const { fixes, totalFixAttempts } = JSON.parse(await readFile(json, 'utf8'));
  expect(fixes).toEqual([
    expect.objectContaining({
      task: 'cart#build',
      file: 'packages/cart/src/index.ts',
      line: 2,
      state: 'offered',
      proposer: 'repair-engine',
    }),
    expect.objectContaining({ task: 'page#build', file: 'packages/page/package.json', state: 'offered', proposer: 'missing-dependency' }),
    expect.objectContaining({ task: 'style#build', file: 'packages/style/src/a.js', state: 'offered', proposer: 'lint-fix' }),
  ]);
  expect(totalFixAttempts).toBe(3);
  // The workspace is as it was.
  expect(execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' })).toBe('');
  expect(await readFile(join(root, '.selfheal/build', fixes[0].patch), 'utf8')).toContain('+export const totalOf');

  // Somebody works on a file meanwhile: it is left alone.
  await writeFile(join(root, 'packages/style/src/a.js'), 'let  b = 2\n');
  const applied = await run(['build', 'fixes', '--apply', '--repo', root]);
  expect([applied.error, applied.stderr]).toEqual([
    undefined,
    expect.stringContaining('packages/style/src/a.js has edits that are not committed'),
  ]);
  expect(applied.stdout).toMatch(/✔ 1\. cart#build.*applied.*✔ 2\. page#build.*applied.*◇ 3\. style#build.*offered/s);
  expect(await readFile(join(root, 'packages/cart/src/index.ts'), 'utf8')).toBe(CART);
  expect(JSON.parse(await readFile(join(root, 'packages/page/package.json'), 'utf8')).dependencies).toEqual({ cart: '*' });
  // What was built in the copy is known, now that the files are the same.
  const again = await run(['build', '--no-durable', '--filter', 'page...', '--repo', root]);
  expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('2 cached')]);
}, 90_000);

/** Of `cart` a field is misspelt, `page` does not say that it needs `cart`, `style` is not formatted, and `broken` cannot be mended. */
async function workspace(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-build-heal-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, content: unknown): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  };
  const manifest = (name: string, build: string, more: object = {}) =>
    write(`packages/${name}/package.json`, { name, version: '1.0.0', type: 'module', ...more, scripts: { build } });
  await write('package.json', { name: 'all', private: true, workspaces: ['packages/*'] });
  await write('.gitignore', 'node_modules\ndist/\nreports/\n');
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await mkdir(join(root, 'node_modules/@biomejs'));
  await symlink(TYPESCRIPT, join(root, 'node_modules/typescript'));
  await symlink(BIOME, join(root, 'node_modules/@biomejs/biome'));
  await symlink('../typescript/bin/tsc', join(root, 'node_modules/.bin/tsc'));
  await symlink('../@biomejs/biome/bin/biome', join(root, 'node_modules/.bin/biome'));
  await symlink('../packages/cart', join(root, 'node_modules/cart'));
  await manifest('cart', 'tsc -p .', { exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } } });
  await write('packages/cart/tsconfig.json', PROJECT);
  await write('packages/cart/src/index.ts', CART.replace('line.price', 'line.prize'));
  await manifest('page', 'tsc -p .');
  await write('packages/page/tsconfig.json', PROJECT);
  await write('packages/page/src/index.ts', "import { totalOf } from 'cart';\nexport const shown = String(totalOf([]));\n");
  await manifest('shop', 'test -f ../cart/dist/index.js && mkdir -p dist && echo made > dist/x', { dependencies: { cart: '*' } });
  await manifest('style', 'biome format src');
  await write('packages/style/src/a.js', 'const  a = 1\n');
  await manifest('broken', 'exit 4');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], { cwd: root });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'As it is');
  return root;
}
