import { SEQUENCE_EXAMPLES } from '@selfheal/ai';
import { beats, sequences } from '@selfheal/contracts';
import { OPERATORS, readSequence } from '@selfheal/sequences';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { capabilitiesOf, capabilitiesText } from './capabilities.ts';
import { handlerNames, loadPlans } from './load-plans.ts';
import { standInOf, typeText } from './type-text.ts';

const PLUGIN = { name: 'orders', handlers: { loadOrders: () => [], priceOrder: () => 1 }, pureHandlers: ['priceOrder'] };

it('names every operator, form, handler and sequence there is, and handlers of plugins', async () => {
  const plans = Object.values(await loadPlans([], process.cwd()));
  const capabilities = capabilitiesOf([PLUGIN], plans);
  expect(capabilities.operators.map(({ name }) => name)).toEqual([...OPERATORS]);
  expect(capabilities.actions.map(({ form }) => form)).toEqual([
    'handler',
    'if',
    'parallel',
    'forEach',
    'wait',
    'approval',
    'sequence',
    'graph',
    'stop',
  ]);
  expect(capabilities.handlers.map(({ name }) => name)).toEqual([...Object.keys(beats), 'loadOrders', 'priceOrder']);
  expect(capabilities.handlers.slice(-2).map(({ kind }) => kind)).toEqual(['stage-crew', 'pure']);
  expect(capabilities.sequences.map(({ id }) => id)).toEqual(Object.keys(sequences));
  const text = capabilitiesText(capabilities);
  expect(text).toContain('- loadLogFiles (stage-crew, of telemetry.parse) takes { projectId: string, paths: string[], maxBytes: integer }');
  // A prompt must hold it, with room for the answer, also in a small window.
  expect(text.length).toBeLessThan(60_000);
});

it('the examples that models are shown are valid sequences', () => {
  for (const { answer } of SEQUENCE_EXAMPLES) {
    if (answer.document === '') continue;
    const handlers = [...handlerNames([]), 'loadOrders', 'shipOrder', 'printLabel'];
    const { diagnostics, format, plan } = readSequence(JSON.stringify(answer.document), { file: 'example.json', handlers });
    expect([format, diagnostics, plan?.id]).toEqual(['selfheal', [], answer.document.id]);
  }
});

it('writes types in a line, and makes the smallest value of one', () => {
  const contract = z.object({
    id: z.string(),
    kind: z.enum(['a', 'b']).optional(),
    lines: z.array(z.object({ at: z.int().min(3), deep: z.object({ x: z.number() }) })),
    either: z.union([z.number(), z.null()]),
  });
  expect(typeText(contract)).toBe('{ id: string, kind?: "a" | "b", lines: { at: integer, deep: {...} }[], either: number | null }');
  expect(contract.parse(standInOf(contract))).toEqual({ id: '', lines: [], either: 0 });
});
