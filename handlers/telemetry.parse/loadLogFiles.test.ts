import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLogFiles } from './loadLogFiles.ts';
import { ParseRig } from './testing/parse-rig.ts';

let rig: ParseRig;
beforeEach(async () => {
  rig = await ParseRig.open();
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

const load = (paths: string[]) => loadLogFiles({ projectId: 'p', paths, maxBytes: 1_000_000 }, rig.ports);

describe('loadLogFiles', () => {
  it('journals what is new and tells its progress', async () => {
    rig.write('a.log', 'INFO a\nINFO b\n');
    const first = await load(['a.log']);
    expect(first).toMatchObject({
      more: false,
      rejected: [],
      files: 1,
      segments: [{ path: 'a.log', fromOffset: 0, toOffset: 14, firstLine: 1, lines: 2 }],
    });
    expect(rig.heartbeats).toEqual(['a.log: 2 lines']);
    expect(await load(['a.log'])).toEqual(first);
  });

  it('fails for a path that is not there, naming it and the way out', async () => {
    await expect(load(['gone.log'])).rejects.toMatchObject({
      code: 'LOG_MISSING',
      message: expect.stringMatching(/gone\.log.*Check the path/),
    });
  });
});
