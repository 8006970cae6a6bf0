import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild } from '../../test/child-process.ts';
import { claimEngine, readEngine } from './engine-claim.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'selfheal-engine-')), 'data');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

describe('the claim of an engine', () => {
  it('tells others where the engine is, until it is released', async () => {
    expect(await readEngine(folder)).toBeUndefined();
    const claim = await claimEngine(folder, { temporalAddress: '127.0.0.1:7233' });
    expect(await readEngine(folder)).toEqual({ pid: process.pid, claimedAt: expect.any(Number), temporalAddress: '127.0.0.1:7233' });
    await claim.update({ uiUrl: 'http://127.0.0.1:8233' });
    expect(await readEngine(folder)).toEqual(claim.info);
    expect(claim.info.uiUrl).toBe('http://127.0.0.1:8233');
    await claim.release();
    await claim.release();
    expect(await readEngine(folder)).toBeUndefined();
    expect(existsSync(join(folder, 'run.json'))).toBe(false);
    const next = await claimEngine(folder, {});
    expect(next.abandoned).toBeUndefined();
    await next.release();
  });

  it('is refused while another process holds it, naming that process, and taken over once it was killed', async () => {
    const child = startChild('claim.ts', folder);
    await child.linesAre(1);
    expect(child.lines).toEqual(['claimed']);
    expect(await readEngine(folder)).toMatchObject({ pid: child.process.pid, temporalAddress: '127.0.0.1:7233' });
    await expect(claimEngine(folder, {})).rejects.toMatchObject({
      code: 'ENGINE_RUNNING',
      message: expect.stringMatching(new RegExp(`process ${child.process.pid}, since .*Temporal at 127.0.0.1:7233.*${folder}`)),
    });
    await child.kill();
    expect(await readEngine(folder)).toBeUndefined();
    const claim = await claimEngine(folder, {});
    expect(claim.abandoned).toMatchObject({ pid: child.process.pid, temporalPid: 4711 });
    expect(await readEngine(folder)).toMatchObject({ pid: process.pid });
    await claim.release();
  });

  it('is refused twice in one process', async () => {
    const claim = await claimEngine(folder, {});
    await expect(claimEngine(folder, {})).rejects.toMatchObject({ code: 'ENGINE_RUNNING' });
    await claim.release();
  });

  it('goes to exactly one of many starters', async () => {
    const children = Array.from({ length: 6 }, () => startChild('claim.ts', folder));
    await Promise.all(children.map((child) => child.linesAre(1)));
    expect(children.flatMap((child) => child.lines).sort()).toEqual([...Array(5).fill('ENGINE_RUNNING'), 'claimed']);
    await Promise.all(children.map((child) => child.kill()));
  });

  it('does not trust a run file: a living process of that number proves nothing', async () => {
    const before = await claimEngine(folder, {});
    await before.release();
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ pid: process.ppid, claimedAt: 1 }));
    expect(await readEngine(folder)).toBeUndefined();
    const claim = await claimEngine(folder, {});
    expect(claim.abandoned?.pid).toBe(process.ppid);
    await claim.release();
  });

  it('reads over a run file that is not ours', async () => {
    const claim = await claimEngine(folder, {});
    for (const text of ['', '{"pid', '[]', '{"pid":"1"}', 'null']) {
      writeFileSync(join(folder, 'run.json'), text);
      expect(await readEngine(folder)).toBeUndefined();
    }
    await claim.update({});
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toEqual(claim.info);
    await claim.release();
  });

  it('says where it cannot write', async () => {
    writeFileSync(join(folder, '..', 'file'), '');
    await expect(claimEngine(join(folder, '..', 'file', 'data'), {})).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
  });
});
