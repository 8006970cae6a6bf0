import type { FixTemplate, LearnedModel } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { fixTemplates } from '../templates/index.ts';
import { contextOf, policy } from '../templates/template-rig.ts';
import { proposeCandidates } from './propose-candidates.ts';

const label = `export interface Label { carrier: string }
const find = (list: { kind: string; country: string }[]) => list.find((one) => one.kind === 'shipping')!;

/** The label; null where there is nothing to send. */
export function shippingLabel(order: { addresses: { kind: string; country: string }[] }): Label | null {
  const shipTo = find(order.addresses);
  return { carrier: shipTo.country };
}
`;
const context = contextOf({ files: { 'label.ts': label }, at: 'shipTo.country', category: 'null-access', data: { receiver: 'shipTo' } });
const prior = (template: string, alpha: number, beta: number): LearnedModel => ({
  id: template,
  projectId: 'p',
  kind: 'prior',
  key: `error|${template}`,
  value: { alpha, beta },
  updatedAt: 0,
});

describe('proposeCandidates', () => {
  it('ranks the function’s own way of leaving first', () => {
    const { candidates, considered } = proposeCandidates({ ...context, priors: [], templates: fixTemplates, policy });
    expect(candidates[0]).toMatchObject({ template: 'guard-null', proposer: 'templates' });
    expect(candidates[0]?.edits[0]?.replace).toContain('return null;');
    expect(candidates.map((one) => one.score)).toEqual(candidates.map((one) => one.score).sort((a, b) => b - a));
    expect(considered).toBeGreaterThanOrEqual(candidates.length);
  });

  it('leaves out what does not type-check, and says so', () => {
    const { candidates, notes } = proposeCandidates({ ...context, priors: [], templates: fixTemplates, policy });
    expect(candidates.some((one) => one.edits[0]?.replace.includes('return undefined'))).toBe(false);
    expect(notes.join('\n')).toContain('left out');
  });

  it('follows what was learned', () => {
    const learned = [prior('guard-null', 0.5, 40), prior('default-value', 40, 0.5)];
    const { candidates } = proposeCandidates({ ...context, priors: learned, templates: fixTemplates, policy });
    expect(candidates.findIndex((one) => one.template === 'default-value')).toBeLessThan(
      candidates.findIndex((one) => one.template === 'guard-null'),
    );
    expect(candidates.find((one) => one.template === 'default-value')?.prior).toBeCloseTo(40 / 40.5);
  });

  it('keeps one of equal results, keeps to the limit, and survives a template that fails', () => {
    const twin: FixTemplate = {
      ...fixTemplates[0],
      name: 'twin',
      categories: ['null-access'],
      prior: 0.01,
      source: '',
      propose: fixTemplates[0]?.propose ?? (() => []),
    };
    const broken: FixTemplate = {
      name: 'broken',
      categories: ['null-access'],
      prior: 1,
      source: '',
      propose: () => {
        throw new Error('no luck');
      },
    };
    const all = proposeCandidates({ ...context, priors: [], templates: [...fixTemplates, twin, broken], policy });
    expect(all.candidates.some((one) => one.template === 'twin')).toBe(false);
    expect(all.notes).toContain('template broken failed: no luck');
    const few = proposeCandidates({ ...context, priors: [], templates: fixTemplates, policy: { ...policy, maxCandidates: 1 } });
    expect(few.candidates).toHaveLength(1);
    expect(few.considered).toBe(all.considered);
  });

  it('asks no template of another category', () => {
    const other: FixTemplate = { name: 'other', categories: ['wrong-operator'], prior: 1, source: '', propose: () => expect.unreachable() };
    expect(proposeCandidates({ ...context, priors: [], templates: [other], policy })).toEqual({ candidates: [], considered: 0, notes: [] });
  });
});
