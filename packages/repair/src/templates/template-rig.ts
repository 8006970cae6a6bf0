import { type FixContext, type FixTemplate, type IssueAnalysis, type Json, type SelfhealConfig, selfhealConfig } from '@selfheal/contracts';
import { indexCodebase } from '../codebase/index-codebase.ts';
import { applyEdits } from '../patch/apply-edits.ts';

/** A repository with one diagnosed fault, for tests of fix templates. `at` is text on the faulty line of the first file. */
export interface Fault {
  readonly files: Record<string, string>;
  readonly at: string;
  readonly category: string;
  readonly type?: IssueAnalysis['type'];
  readonly expression?: string;
  readonly data?: Record<string, Json>;
}

export const policy: SelfhealConfig['policy'] = selfhealConfig.parse({}).policy;

export function contextOf(fault: Fault): FixContext {
  const [path = '', text = ''] = Object.entries(fault.files)[0] ?? [];
  const offset = text.indexOf(fault.at);
  if (offset < 0) throw new Error(`the fault's text is not in ${path}: ${fault.at}`);
  const line = text.slice(0, offset).split('\n').length;
  const sources = { commit: 'c0ffee', files: fault.files, leftOut: [] };
  const codebase = indexCodebase(sources, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [] });
  const analysis: IssueAnalysis = {
    anomalyId: 'a1',
    type: fault.type ?? 'error',
    rootCause: {
      category: fault.category,
      explanation: '',
      location: { file: path, line },
      confidence: 0.9,
      ...(fault.expression === undefined ? {} : { expression: fault.expression }),
    },
    alternatives: [],
    facts: [],
    guesses: [],
    frames: [],
    failingCalls: [],
    passingCalls: [],
    data: fault.data ?? {},
  };
  return { analysis, codebase, sources };
}

/** What the template makes of the first file, most natural first. */
export function repaired(template: FixTemplate, fault: Fault): string[] {
  const [path = ''] = Object.keys(fault.files);
  return [...template.propose(contextOf(fault))]
    .sort((a, b) => b.naturalness - a.naturalness)
    .map((one) => applyEdits(fault.files, one.edits)[path] ?? '');
}
