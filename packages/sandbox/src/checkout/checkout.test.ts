import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository } from '../testing/repository.ts';

const FILES = { 'package.json': '{"name":"x"}', 'src/a.js': 'exports.a = 1;\n', 'src/deep/b.js': 'exports.b = 2;\n' };

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

describe('a copy', () => {
  test('holds the files of the commit as committed, and no .git', async () => {
    await using repository = await makeRepository(FILES);
    const first = await repository.git('rev-parse', 'HEAD');
    await repository.commit({ 'src/a.js': 'exports.a = 2;\n', 'run.sh': '#!/bin/sh\n' });
    await chmod(join(repository.root, 'run.sh'), 0o755);
    await repository.commit({});
    await symlink('src/a.js', join(repository.root, 'link'));
    await repository.commit({});
    await writeFile(join(repository.root, 'src/a.js'), 'uncommitted');

    const sandbox = repository.sandbox();
    await using old = await sandbox.checkout(first);
    await using head = await sandbox.checkout('HEAD');
    expect(await old.read('src/a.js')).toBe('exports.a = 1;\n');
    expect(await head.read('src/a.js')).toBe('exports.a = 2;\n');
    expect(await head.read('link')).toBe('exports.a = 2;\n');
    expect((await lstat(join(head.path, 'run.sh'))).mode & 0o777).toBe(0o755);
    expect((await lstat(join(head.path, 'src/a.js'))).mode & 0o777).toBe(0o644);
    expect(await readdir(head.path)).not.toContain('.git');
    expect(head.commit).toBe(await repository.git('rev-parse', 'HEAD'));
    expect((await repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
  });

  test('runs no filter and no hook, changes no line end', async () => {
    await using repository = await makeRepository({ ...FILES, 'crlf.txt': 'a\r\nb\r\n', 'lf.txt': 'a\nb\n' });
    await repository.git('config', 'filter.evil.smudge', `touch ${repository.root}/../smudged; cat`);
    await repository.git('config', 'core.autocrlf', 'true');
    const hook = join(repository.root, '.git/hooks/post-checkout');
    await writeFile(hook, `#!/bin/sh\ntouch ${repository.root}/../hooked\n`);
    await chmod(hook, 0o755);
    await repository.commit({ '.gitattributes': '*.js filter=evil\nsrc export-ignore\n' });
    await using checkout = await repository.sandbox().checkout('HEAD');
    expect(await checkout.read('src/a.js')).toBe('exports.a = 1;\n');
    expect(await checkout.read('lf.txt')).toBe('a\nb\n');
    expect(await exists(join(repository.root, '../smudged'))).toBe(false);
    expect(await exists(join(repository.root, '../hooked'))).toBe(false);
  });

  test('comes back to the commit whatever was done to it', async () => {
    await using repository = await makeRepository({ ...FILES, 'c.js': 'c' });
    const secret = join(repository.root, '../secret');
    await writeFile(secret, 'secret');
    const sandbox = repository.sandbox();
    await using checkout = await sandbox.checkout('HEAD');
    await sandbox.run(
      checkout,
      `rm -r src c.js && ln -s ${dirname(secret)} src && mkdir c.js && echo x > new && echo '{"name":"y"}' > package.json && touch -d 2001-01-01 package.json`,
    );
    expect(await checkout.read('package.json')).toContain('y');
    expect(await checkout.read('src/secret')).toBeUndefined();
    await checkout.reset();
    expect((await readdir(checkout.path)).sort()).toEqual(['.gitignore', 'c.js', 'package.json', 'src']);
    expect(await checkout.read('src/deep/b.js')).toBe('exports.b = 2;\n');
    expect(await checkout.read('package.json')).toBe('{"name":"x"}');
    expect(await readFile(secret, 'utf8')).toBe('secret');
  });

  test('is not written through a planted link', async () => {
    await using repository = await makeRepository(FILES);
    const outside = join(repository.root, '../outside');
    await mkdir(join(outside, 'deep'), { recursive: true });
    const sandbox = repository.sandbox();
    await using checkout = await sandbox.checkout('HEAD');
    await sandbox.run(checkout, `rm -r src && ln -s ${outside} src`);
    await checkout.apply([{ file: 'src/new.js', search: '', replace: 'x' }]);
    expect(await readdir(outside)).toEqual(['deep']);
    expect(await checkout.read('src/new.js')).toBe('x');
  });

  test('is removed when it is disposed, and when its owner was killed', async () => {
    await using repository = await makeRepository(FILES);
    const copies = join(repository.dataDir, 'sandbox');
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const stat = await readFile(`/proc/${owner.pid}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    for (const name of [`${owner.pid}-${start}-aaaa`, `${owner.pid}-1-bbbb`, 'other']) await mkdir(join(copies, name), { recursive: true });
    const first = await repository.sandbox().checkout('HEAD');
    expect((await readdir(copies)).filter((name) => !name.startsWith(`${process.pid}-`)).sort()).toEqual([
      `${owner.pid}-${start}-aaaa`,
      'other',
    ]);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const second = await repository.sandbox().checkout('HEAD');
    expect(await readdir(copies)).not.toContain(`${owner.pid}-${start}-aaaa`);
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    expect(await readdir(copies)).toEqual(['other']);
  });

  test('of an unknown commit fails', async () => {
    await using repository = await makeRepository(FILES);
    await expect(repository.sandbox().checkout('0123456789012345678901234567890123456789')).rejects.toMatchObject({ code: 'GIT_FAILED' });
    await expect(repository.sandbox().checkout('--help')).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });
});

describe('edits', () => {
  test('apply in order, all or none', async () => {
    await using repository = await makeRepository(FILES);
    await using checkout = await repository.sandbox().checkout('HEAD');
    await checkout.apply([
      { file: 'src/a.js', search: '1', replace: '5' },
      { file: 'src/a.js', search: '5;', replace: '6;' },
      { file: 'src/new/c.js', search: '', replace: 'new' },
    ]);
    expect(await checkout.read('src/a.js')).toBe('exports.a = 6;\n');
    expect(await checkout.read('src/new/c.js')).toBe('new');
    const bad = [
      { file: 'src/a.js', search: ' ', replace: 'f' },
      { file: 'src/a.js', search: 'missing', replace: 'f' },
      { file: 'nothing.js', search: 'a', replace: 'b' },
      { file: 'src/a.js', search: '', replace: 'b' },
    ];
    for (const edit of bad) {
      await expect(checkout.apply([{ file: 'src/deep/b.js', search: '2', replace: '3' }, edit])).rejects.toMatchObject({
        code: 'PATCH_CONFLICT',
      });
    }
    expect(await checkout.read('src/deep/b.js')).toBe('exports.b = 2;\n');
  });

  test.each(['/etc/x', '../x', 'src/../../x', '.git/config', 'src/.GIT/hooks', '', 'a\0b'])('do not reach %j', async (file) => {
    await using repository = await makeRepository(FILES);
    await using checkout = await repository.sandbox().checkout('HEAD');
    await expect(checkout.apply([{ file, search: '', replace: 'x' }])).rejects.toMatchObject({ code: 'PATCH_FORBIDDEN' });
  });
});

describe('packages', () => {
  test('of the repository are there, read-only, with their commands', async () => {
    await using repository = await makeRepository(FILES);
    await mkdir(join(repository.root, 'node_modules/dep'), { recursive: true });
    await mkdir(join(repository.root, 'node_modules/.bin'), { recursive: true });
    await writeFile(join(repository.root, 'node_modules/dep/index.js'), 'module.exports = 42;\n');
    await writeFile(join(repository.root, 'node_modules/.bin/tool'), '#!/bin/sh\necho tool\n', { mode: 0o755 });
    const sandbox = repository.sandbox();
    await using checkout = await sandbox.checkout('HEAD');
    const result = await sandbox.run(
      checkout,
      `node -p "require('dep')"; tool; echo x > node_modules/dep/index.js; echo x > node_modules/new`,
    );
    expect(result.stdout).toBe('42\ntool\n');
    expect(result.stderr.match(/Read-only file system/g)).toHaveLength(2);
    expect(await readFile(join(repository.root, 'node_modules/dep/index.js'), 'utf8')).toContain('42');
  });

  test('of a monorepo: hoisted, nested and linked to the copy itself', async () => {
    await using repository = await makeRepository({
      'package.json': '{"workspaces":["packages/*"]}',
      'packages/app/package.json': '{"name":"app"}',
      'packages/app/main.js': "console.log(require('hoisted'), require('nested'), require('lib'), require('far'));\n",
      'packages/lib/package.json': '{"name":"lib"}',
      'packages/lib/index.js': "module.exports = 'committed lib';\n",
    });
    const put = async (path: string, text: string): Promise<void> => {
      await mkdir(dirname(join(repository.root, path)), { recursive: true });
      await writeFile(join(repository.root, path), text);
    };
    await put('node_modules/hoisted/index.js', "module.exports = 'hoisted';\n");
    await put('packages/app/node_modules/nested/index.js', "module.exports = 'nested';\n");
    await put('../far/index.js', "module.exports = 'far';\n");
    await symlink('../packages/lib', join(repository.root, 'node_modules/lib'));
    await symlink(join(repository.root, '../far'), join(repository.root, 'node_modules/far'));
    await put('packages/lib/index.js', "module.exports = 'uncommitted lib';\n");
    const { createSandbox } = await import('../sandbox.ts');
    const { selfhealConfig } = await import('@selfheal/contracts');
    const sandbox = createSandbox({
      root: join(repository.root, 'packages/app'),
      dataDir: repository.dataDir,
      config: selfhealConfig.parse({}),
    });
    await using checkout = await sandbox.checkout('HEAD');
    expect(await checkout.read('main.js')).toContain('hoisted');
    const result = await sandbox.run(checkout, 'node main.js');
    expect(result.stdout).toBe('hoisted nested committed lib far\n');
  });

  test('are installed once where the repository has none', async () => {
    await using repository = await makeRepository({
      'package.json': '{"name":"x","version":"1.0.0","dependencies":{"local":"file:./local"}}',
      'local/package.json': '{"name":"local","version":"1.0.0","scripts":{"postinstall":"touch ../ran"}}',
      'local/index.js': "module.exports = 'local';\n",
    });
    const sandbox = repository.sandbox();
    for (let time = 0; time < 2; time += 1) {
      await using checkout = await sandbox.checkout('HEAD');
      expect((await sandbox.run(checkout, `node -p "require('local')"; ls ran`)).stdout).toBe('local\n');
    }
    expect(await readdir(join(repository.dataDir, 'dependencies'))).toHaveLength(1);
    expect(await exists(join(repository.root, 'node_modules'))).toBe(false);
  });

  test('that cannot be installed are told', async () => {
    await using repository = await makeRepository({
      'package.json': '{"name":"x","version":"1.0.0","dependencies":{"local":"file:./missing.tgz"}}',
    });
    await expect(repository.sandbox().checkout('HEAD')).rejects.toMatchObject({
      code: 'REPO_INSTALL_FAILED',
      detail: expect.stringContaining('npm install'),
    });
    expect(await readdir(join(repository.dataDir, 'dependencies'))).toEqual([]);
    expect(await readdir(join(repository.dataDir, 'sandbox'))).toEqual([]);
  });

  test('can be installed by a command of the user', async () => {
    await using repository = await makeRepository(FILES);
    const sandbox = repository.sandbox({ install: 'mkdir -p node_modules/made && echo "module.exports = 1" > node_modules/made/index.js' });
    await using checkout = await sandbox.checkout('HEAD');
    expect((await sandbox.run(checkout, `node -p "require('made')"`)).stdout).toBe('1\n');
  });
});

test('without a sandbox, where the user says so, commands still run in the copy with a clean environment', async () => {
  await using repository = await makeRepository(FILES);
  const sandbox = repository.sandbox({ sandbox: { unsafe: true } });
  await using checkout = await sandbox.checkout('HEAD');
  const sleep = `sleep 75${process.pid}`;
  const script = `pwd; env | cut -d= -f1 | sort | xargs; (setsid ${sleep} &) ; sleep 60`;
  const result = await sandbox.run(checkout, script, { timeoutMs: 1_500, env: { EXTRA: '1' } });
  const variables = 'CI EXTRA HOME LANG NODE_ENV NO_COLOR PATH PWD SELFHEAL_RUN TMPDIR TZ USER';
  expect(result.stdout.split('\n').slice(0, 2)).toEqual([checkout.path, variables]);
  expect(result.timedOut).toBe(true);
  await sandbox.run(checkout, `(setsid ${sleep} &); sleep 0.1`);
  const [code] = await once(spawn('pgrep', ['-f', sleep]), 'exit');
  expect(code).toBe(1);
});

test('a checkout of another sandbox is refused', async () => {
  await using repository = await makeRepository(FILES);
  const sandbox = repository.sandbox();
  await using checkout = await sandbox.checkout('HEAD');
  const foreign = {
    path: checkout.path,
    commit: checkout.commit,
    apply: async () => {},
    reset: async () => {},
    read: async () => undefined,
    [Symbol.asyncDispose]: async () => {},
  };
  await expect(sandbox.run(foreign, 'true')).rejects.toMatchObject({ code: 'SANDBOX_FAILED' });
});
