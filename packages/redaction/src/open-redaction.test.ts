import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRedaction } from './open-redaction.ts';

describe('openRedaction', () => {
  let keyDir: string;
  beforeEach(async () => {
    keyDir = await mkdtemp(join(tmpdir(), 'selfheal-redaction-'));
    onTestFinished(() => rm(keyDir, { recursive: true, force: true }));
  });

  it('replaces secrets by shape, over lines, and equal ones alike after a restart', async () => {
    const token = ['ghp', 'CanaryCanaryCanaryCanaryCanary123456'].join('_');
    const redact = (await openRedaction(keyDir))({});
    const first = redact(`pushing with ${token}`);
    expect(first).toMatch(/^pushing with <redacted:token:[0-9a-f]{8}>$/);
    expect((await openRedaction(keyDir))({})(`pushing with ${token}`)).toBe(first);
    expect(redact('-----BEGIN PRIVATE KEY-----')).not.toContain('MIIE');
    expect(redact('MIIEvQIBADANBgkqhkiG9w0BAQEFAASC')).not.toContain('MIIE');
  });

  it('replaces the values of variables with a sensitive name, whatever they look like', async () => {
    const redact = (await openRedaction(keyDir))({
      DEPLOY_TOKEN: 'plain words 17',
      DEPLOY_PASSWORD: 'plain words 17 and more',
      API_KEY: 'short',
      REGION: 'eu-central-1',
    });
    expect(redact('using plain words 17 and more')).toMatch(/^using <redacted:password:[0-9a-f]{8}>$/);
    expect(redact('using plain words 17 in eu-central-1, in short')).toMatch(
      /^using <redacted:token:[0-9a-f]{8}> in eu-central-1, in short$/,
    );
  });
});
