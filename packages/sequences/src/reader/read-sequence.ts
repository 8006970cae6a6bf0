import type { Diagnostic, SequencePlan } from '../interpreter/plan.ts';
import { readBuilder } from './builder/read-builder.ts';
import { readConductor } from './conductor/read-conductor.ts';
import { type DocumentFormat, detectFormat } from './detect-format.ts';
import { Findings, inOrder } from './findings.ts';
import { freezeDeep } from './freeze.ts';
import type { JsonField } from './json-field.ts';
import type { ReadOptions } from './options.ts';
import { readOwn } from './own/read-own.ts';
import { readPackageGraph } from './package-graph/read-package-graph.ts';
import { parseJson } from './parse-json.ts';
import { type IndexEntry, readIndex } from './read-index.ts';
import { sourceText } from './source-text.ts';
import { readWorkflow } from './workflow/read-workflow.ts';

export interface ReadResult {
  readonly format: DocumentFormat;
  /** Frozen; there only where nothing in the document is an error. */
  readonly plan?: SequencePlan;
  /** Errors first, then by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The entries of an index document. */
  readonly index?: readonly IndexEntry[];
}

/**
 * Reads a document of our own format, or of another tool, into a plan. Never throws: what is wrong with the document, or
 * cannot be run, is in the diagnostics, each with its place.
 */
export function readSequence(text: string, options: ReadOptions): ReadResult {
  const findings = new Findings(sourceText(options.file, text.startsWith('\uFEFF') ? text.slice(1) : text));
  const root = parseJson(findings);
  if (!root) return { format: 'not-a-sequence', diagnostics: inOrder(findings.all) };
  const format = detectFormat(root);
  if (format === 'index') return { format, index: readIndex(root, findings), diagnostics: inOrder(findings.all) };
  const plan = readPlan(format, root, options, findings);
  return { format, ...(plan && { plan: freezeDeep(plan) }), diagnostics: inOrder(findings.all) };
}

function readPlan(format: DocumentFormat, root: JsonField, options: ReadOptions, findings: Findings): SequencePlan | undefined {
  switch (format) {
    case 'selfheal':
      return readOwn(root, options, findings);
    case 'conductor':
      return readConductor(root, options, findings);
    case 'workflow':
      return readWorkflow(root, options, findings);
    case 'builder':
      return readBuilder(root, options, findings);
    case 'package-graph':
      return readPackageGraph(root, options, findings);
    case 'index':
    case 'not-a-sequence':
      reportOther(root, findings);
      return undefined;
  }
}

const SHOWN_KEYS = 6;

function reportOther(root: JsonField, findings: Findings): void {
  const keys = [...root.properties().keys()];
  const what = root.isObject
    ? `it has ${keys.slice(0, SHOWN_KEYS).join(', ') || 'nothing in it'}${keys.length > SHOWN_KEYS ? ' …' : ''}`
    : `it is ${root.isArray ? 'a list' : 'a single value'}`;
  findings.add('info', 'NOT_A_SEQUENCE', root, `this is JSON of another kind and is skipped: ${what}`, {
    expected: 'movements, or typed steps, or nodes and edges, or packages',
  });
}
