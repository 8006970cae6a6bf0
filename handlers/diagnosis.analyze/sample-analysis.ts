import { readFile } from 'node:fs/promises';
import { type CodebaseInfo, type IssueAnalysis, type SourceSnapshot, sourceSnapshot } from '@selfheal/contracts';
import { indexCodebase } from '@selfheal/repair';

/** A small code base of each kind of fault. For tests. */
export async function sampleCode(): Promise<{ codebase: CodebaseInfo; sources: SourceSnapshot }> {
  const path = new URL('../../fixtures/diagnosis.analyze/sample-code.json', import.meta.url);
  const sources = sourceSnapshot.parse(JSON.parse(await readFile(path, 'utf8')));
  return { sources, codebase: indexCodebase(sources, { branch: 'main', history: [], lineCommits: {}, sequences: [], rootFiles: [] }) };
}

export function sampleIssue(parts: Partial<IssueAnalysis> & { confidence?: number; category?: string } = {}): IssueAnalysis {
  const { confidence = 0.8, category = 'null-access', ...others } = parts;
  return {
    anomalyId: 'shop-error',
    type: 'error',
    rootCause: {
      category,
      explanation: 'why',
      location: { file: 'src/orders.js', line: 3, function: 'find', functionId: 'src/orders.js#find@1' },
      confidence,
    },
    alternatives: [],
    facts: [],
    guesses: [],
    frames: [],
    failingCalls: [],
    passingCalls: [],
    data: {},
    ...others,
  };
}
