import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlugin, loadPlugins, refuseConflicts } from './load-plugins.ts';

const detector = (name: string) => ({ name, type: 'error' as const, detect: () => [] });

describe('plugins', () => {
  it('are loaded from paths of the repository', async () => {
    const root = await mkdtemp(join(tmpdir(), 'selfheal-plugin-'));
    await writeFile(join(root, 'mine.mjs'), `export default { name: 'mine', handlers: { greet: (input) => ({ hello: input.name }) } };`);
    const [plugin] = await loadPlugins(['./mine.mjs'], root);
    expect(plugin?.name).toBe('mine');
    expect(plugin?.handlers?.greet?.({ name: 'ann' }, {} as never)).toEqual({ hello: 'ann' });
  });

  it('that are missing or misshapen are refused by name', async () => {
    await expect(loadPlugins(['./nowhere.mjs'], tmpdir())).rejects.toMatchObject({
      code: 'PLUGIN_INVALID',
      detail: expect.stringContaining('nowhere.mjs'),
    });
    expect(() => checkPlugin({ name: 'x', detector: [] }, 'x')).toThrow(/detector/);
    expect(() => checkPlugin({ name: 'x', detectors: [{ name: 'd', type: 'odd', detect: () => [] }] }, 'x')).toThrow(/detectors\.0\.type/);
  });

  it('may not register a name twice, nor one of the built-in beats', () => {
    expect(() =>
      refuseConflicts([
        { name: 'a', detectors: [detector('slow')] },
        { name: 'b', detectors: [detector('slow')] },
      ]),
    ).toThrow(/detector slow is registered by a and by b/);
    expect(() => refuseConflicts([{ name: 'a', handlers: { loadLogFiles: () => ({}) } }])).toThrow(
      /handler loadLogFiles is registered by selfheal and by a/,
    );
  });
});
