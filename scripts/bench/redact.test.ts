import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedaction } from '@selfheal/redaction';
import { beforeAll, describe, expect, it } from 'vitest';
import { ordinaryLines } from './ordinary-lines.ts';
import { isHidden } from './redact.ts';
import { secretSamples } from './secret-samples.ts';

describe('redaction of synthetic secrets', () => {
  let redact: (line: string) => string;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'selfheal-redact-bench-'));
    redact = (await openRedaction(folder))({});
    await rm(folder, { recursive: true });
  });

  it('hides at least 99 % of them, and some of every provider', () => {
    const samples = secretSamples(7, 6);
    const missed = samples.filter((sample) => !isHidden(sample, redact(sample.line)));
    expect(missed.length).toBeLessThanOrEqual(samples.length * 0.01);
    const hidden = new Set(samples.filter((sample) => !missed.includes(sample)).map(({ provider }) => provider));
    const tokens = samples.map(({ provider }) => provider).filter((provider) => !provider.includes(' in '));
    expect(tokens.filter((provider) => !hidden.has(provider))).toEqual([]);
  });

  it('keeps lines that are JSON so', () => {
    for (const { line } of secretSamples(11, 3).filter((sample) => sample.line.startsWith('{"'))) {
      expect(() => JSON.parse(redact(line))).not.toThrow();
    }
  });

  it('leaves ordinary lines alone', () => {
    expect(ordinaryLines(3, 2_000).filter((line) => redact(line) !== line)).toEqual([]);
  });

  it('makes the same samples of the same seed, others of another', () => {
    expect(secretSamples(5, 1)).toEqual(secretSamples(5, 1));
    expect(secretSamples(5, 1)).not.toEqual(secretSamples(6, 1));
  });

  it('tells a secret that is left', () => {
    expect(isHidden({ provider: 'x', line: '', secret: 'abc' }, 'x abc <redacted:key:00000000>')).toBe(false);
    expect(isHidden({ provider: 'x', line: '', secret: 'abc' }, 'nothing')).toBe(false);
  });
});
