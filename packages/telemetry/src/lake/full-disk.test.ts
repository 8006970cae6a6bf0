import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-lake-full-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unshare = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
const canMount = spawnSync('unshare', [...unshare, 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

describe('a full disk', () => {
  it.skipIf(!canMount)(
    `is reported, leaves no half file, and loses no batch${canMount ? '' : ' (NOT RUN: no right to mount a small disk)'}`,
    () => {
      const mount = join(folder, 'small-disk');
      mkdirSync(mount);
      const command = 'mount -t tmpfs -o size=600k tmpfs "$1" && exec "$2" "$3" "$1/lake" "$4"';
      const script = join(import.meta.dirname, '../../test/lake/ingest-until-full.ts');
      const run = spawnSync('unshare', [...unshare, 'sh', '-c', command, 'sh', mount, process.execPath, script, join(folder, 'data')], {
        encoding: 'utf8',
      });
      expect(run.stderr).toBe('');
      const result = JSON.parse(run.stdout);
      expect(result).toMatchObject({ code: 'STORE_FULL', leftovers: [] });
      expect(result.ingested).toBeGreaterThan(0);
      expect(result.readable).toBe(result.ingested);
    },
  );
});
