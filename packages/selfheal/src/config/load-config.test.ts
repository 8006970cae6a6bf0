import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guessConfig } from './guess-config.ts';
import { loadSelfhealConfig } from './load-config.ts';

describe('the configuration', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'selfheal-config-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('has a default for every key', async () => {
    const { config, file } = await loadSelfhealConfig(root);
    expect(file).toBeUndefined();
    expect(config).toMatchObject({
      logs: [],
      forge: 'local',
      policy: { approve: 'auto', coverage: 'find' },
      verify: { minimumTraffic: 20 },
    });
  });

  it('reads JSON, lays flags over it, and replaces lists', async () => {
    await writeFile(join(root, 'selfheal.config.json'), JSON.stringify({ logs: ['a.log'], policy: { maxAttempts: 7, approve: 'review' } }));
    const { config, file } = await loadSelfhealConfig(root, { logs: ['b.log'], policy: { approve: 'auto' } });
    expect(file).toContain('selfheal.config');
    expect(config.logs).toEqual(['b.log']);
    expect(config.policy).toMatchObject({ maxAttempts: 7, approve: 'auto' });
  });

  it('reads TypeScript', async () => {
    await writeFile(join(root, 'selfheal.config.ts'), `const budget: number = 40;\nexport default { budgets: { 'GET /x': budget } };\n`);
    expect((await loadSelfhealConfig(root)).config.budgets).toEqual({ 'GET /x': 40 });
  });

  it('names every wrong key', async () => {
    await writeFile(join(root, 'selfheal.config.json'), JSON.stringify({ logz: [], policy: { maxAttempts: 'three' } }));
    await expect(loadSelfhealConfig(root)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      detail: expect.stringMatching(/policy\.maxAttempts.*logz|logz.*policy\.maxAttempts/s),
    });
  });

  it('says so when the file is broken', async () => {
    await writeFile(join(root, 'selfheal.config.json'), '{ "logs": [');
    await expect(loadSelfhealConfig(root)).rejects.toMatchObject({ code: expect.stringMatching(/^CONFIG_/) });
  });

  it('is guessed from what a repository holds', async () => {
    await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'x', scripts: { test: 'node --test', deploy: './deploy.sh' } }));
    await writeFile(join(root, 'app.log'), 'hello\n');
    const { config, notes } = await guessConfig(root);
    expect(config).toEqual({ logs: ['app.log'], deploy: { command: 'npm run deploy' } });
    expect(notes.join('\n')).toContain('node --test');
  });
});
