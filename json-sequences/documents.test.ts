import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beatContract, beats, EXTRA_BEATS, sequences } from '@selfheal/contracts';
import { loadHandlers } from '@selfheal/handlers';
import { allBeats, checkPlans, readSequence } from '@selfheal/sequences';
import { describe, expect, it } from 'vitest';

const FOLDER = import.meta.dirname;
const HANDLERS = join(FOLDER, '../handlers');
/** How many of the 67 names each sequence has; see docs/reference/handlers.md. */
const NAMES = {
  'telemetry.parse': 7,
  'anomaly.detect': 9,
  'diagnosis.analyze': 11,
  'fix.generate': 9,
  'validation.run': 10,
  'deployment.deploy': 11,
  'learning.track': 10,
};

const documents = Object.keys(sequences).map((id) => {
  const file = join(FOLDER, `${id}.json`);
  const text = readFileSync(file, 'utf8');
  return { id, ...readSequence(text, { file, handlers: Object.keys(beats) }) };
});

describe('the seven documents', () => {
  it('are listed in the index, in the order of the loop', () => {
    const index: { sequences: { id: string; file: string }[] } = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));
    expect(index.sequences).toEqual(Object.keys(sequences).map((id) => ({ id, file: `${id}.json` })));
  });

  it.each(documents)('$id is read without a finding and keeps its name', ({ id, plan, diagnostics }) => {
    expect(diagnostics).toEqual([]);
    expect(plan?.id).toBe(id);
  });

  it('call no unknown sequence and no circle', () => {
    expect(checkPlans(documents.flatMap(({ plan }) => (plan === undefined ? [] : [plan])))).toEqual([]);
  });

  it.each(documents)('$id holds exactly the beats of its contracts, once each, of the same kind', ({ id, plan }) => {
    const contracts = sequences[id as keyof typeof sequences];
    const found = (plan === undefined ? [] : allBeats(plan)).filter((beat) => beat.form === 'handler');
    expect(found.map(({ handler }) => handler).sort()).toEqual(Object.keys(contracts).sort());
    for (const beat of found) expect([beat.handler, beat.kind]).toEqual([beat.handler, beatContract(beat.handler)?.kind]);
  });

  it('have 67 beats beside the documented extra ones', () => {
    const extra: readonly string[] = EXTRA_BEATS;
    const counts = Object.entries(sequences).map(([id, contracts]) => [
      id,
      Object.keys(contracts).filter((name) => !extra.includes(name)).length,
    ]);
    expect(Object.fromEntries(counts)).toEqual(NAMES);
    expect(Object.values(NAMES).reduce((sum, count) => sum + count)).toBe(67);
  });
});

const handlers = (await Promise.all(Object.values(loadHandlers).map((load) => load()))).flatMap((loaded) => Object.entries(loaded));

describe('the handlers', () => {
  it('are the contracts, name for name', () => {
    expect(handlers.map(([name]) => name).sort()).toEqual(Object.keys(beats).sort());
  });

  it.each(Object.entries(sequences))('of %s have a file and a test of their own name', (id, contracts) => {
    const files = readdirSync(join(HANDLERS, id));
    for (const name of Object.keys(contracts)) expect(files).toEqual(expect.arrayContaining([`${name}.ts`, `${name}.test.ts`]));
  });

  it('take one argument where they are pure', () => {
    for (const [name, handler] of handlers) {
      if (beatContract(name)?.kind === 'pure') expect([name, handler.length]).toEqual([name, 1]);
    }
  });
});
