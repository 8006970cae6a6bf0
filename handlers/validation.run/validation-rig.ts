import type {
  AnomalyType,
  BeatOutput,
  CodebaseInfo,
  Diagnosis,
  Edit,
  Incident,
  Patch,
  SelfhealConfigInput,
  Validation,
} from '@selfheal/contracts';
import { hashEdits } from '@selfheal/repair';
import { NOW, type RepairRig, repairRig } from '../fix.generate/repair-rig.ts';
import { validationRunHandlers } from './index.ts';

export interface ValidationRig extends RepairRig {
  codebase(): Promise<CodebaseInfo>;
  /** Stores a patch with its diagnosis and incident, as fix.generate leaves them. */
  store(wanted: PatchWanted): Promise<Patch>;
}

export interface PatchWanted {
  readonly type?: AnomalyType;
  readonly code: readonly Edit[];
  readonly test: { readonly file: string; readonly text: string; readonly titles: readonly string[] };
  readonly documentation?: readonly Edit[];
  /** Where the diagnosis points. */
  readonly at: { readonly file: string; readonly line: number; readonly functionStart?: number; readonly functionEnd?: number };
}

/** A repository of these files with what validation.run uses. For tests. */
export async function validationRig(files: Readonly<Record<string, string>>, config: SelfhealConfigInput = {}): Promise<ValidationRig> {
  const rig = await repairRig(files, { config });
  const { base, ports } = rig;
  return {
    ...rig,
    codebase: () => ports.codebase.info(base),
    async store(wanted) {
      const patch = makePatch(base, wanted);
      await ports.records.put('patch', patch);
      await ports.records.put('diagnosis', makeDiagnosis(base, wanted));
      await ports.records.put('incident', makeIncident(wanted.type ?? 'error'));
      return patch;
    },
  };
}

/** Runs the beats in the order of the document and gives the stored verdict. `evenIfUnsound` runs tests where integrity would stop them; `testsOnly` leaves coverage and timing out. */
export async function validate(
  rig: RepairRig,
  patch: Patch,
  options: { evenIfUnsound?: boolean; testsOnly?: boolean } = {},
): Promise<{ validation: Validation; completed: BeatOutput<'validateCompleted'>; applied: BeatOutput<'applyPatch'> }> {
  const beats = validationRunHandlers;
  const { projectId, incidentId } = patch;
  const request = beats.validateRequested({ projectId, incidentId, patchId: patch.id });
  const loaded = await beats.loadPatch(request, rig.ports);
  const common = { projectId, patch: loaded.patch, codebase: loaded.codebase, diagnosis: loaded.diagnosis };
  const applied = await beats.applyPatch(common, rig.ports);
  const proven = applied.applies && (applied.integrity.valid || options.evenIfUnsound === true);
  const run = { ...common, trees: applied.trees };
  const tests = proven ? await beats.runTests(run, rig.ports) : {};
  const measured =
    proven && !options.testsOnly
      ? { ...(await beats.checkCoverage(run, rig.ports)), ...(await beats.verifyPerformance(run, rig.ports)) }
      : {};
  const results = { ...tests, ...measured };
  const { documentation } = beats.validateDocumentation(loaded);
  const { validation } = beats.aggregateValidationResults({ ...loaded, ...applied, ...results, documentation });
  const { validationId } = await beats.storeValidationResults({ projectId, incidentId, validation }, rig.ports);
  const completed = beats.validateCompleted({ validationId, validation });
  return { validation: await rig.ports.records.need('validation', validationId), completed, applied };
}

export function makePatch(base: string, wanted: PatchWanted): Patch {
  const { type = 'error', code, test, documentation = [], at } = wanted;
  const testEdits = [{ file: test.file, search: '', replace: test.text }];
  const edits = [...code, ...testEdits, ...documentation];
  const hash = hashEdits(edits);
  return {
    id: `patch_${hash.slice(0, 8)}`,
    hash,
    projectId: 'p1',
    incidentId: 'i1',
    diagnosisId: 'd1',
    type,
    base,
    ...(code.length === 0
      ? {}
      : {
          candidate: {
            id: 'c1',
            template: 'guard-null',
            title: 'Guard',
            rationale: 'it may be null',
            edits: [...code],
            location: at,
            prior: 0.5,
            score: 0.5,
            proposer: 'templates',
          },
        }),
    test: {
      id: 't1',
      proof: type === 'coverage' ? 'coverage' : 'reproduction',
      runner: 'node:test',
      file: test.file,
      titles: [...test.titles],
      edits: testEdits,
      target: at,
      source: { events: [], description: 'logged input' },
      expectation: 'it works',
    },
    documentation: { edits: [...documentation], note: '# Incident\n', touched: documentation.map(({ file }) => file) },
    edits,
    diff: '',
    files: [...new Set(edits.map(({ file }) => file))].sort(),
    testFiles: [test.file],
    syntax: { valid: true, errors: [] },
    trials: [],
    remaining: 0,
    createdAt: NOW,
  };
}

function makeDiagnosis(commit: string, { type = 'error', at }: PatchWanted): Diagnosis {
  const rootCause = { category: 'null-access', explanation: 'it may be null', location: at, confidence: 0.8 };
  return {
    id: 'd1',
    projectId: 'p1',
    incidentId: 'i1',
    anomalyId: 'a1',
    type,
    commit,
    analysis: {
      anomalyId: 'a1',
      type,
      rootCause,
      alternatives: [],
      facts: [],
      guesses: [],
      frames: [],
      failingCalls: [],
      passingCalls: [],
      data: {},
    },
    impact: { severity: 'high', affected: { functions: [], callers: [], routes: [], sequences: [] }, affectedCalls: 3 },
    recommendations: [],
    confidence: 0.8,
    createdAt: NOW,
  };
}

function makeIncident(type: AnomalyType): Incident {
  const times = { firstSeen: NOW, lastSeen: NOW, createdAt: NOW, updatedAt: NOW };
  return {
    id: 'i1',
    projectId: 'p1',
    type,
    fingerprint: 'f1',
    title: 'Incident',
    status: 'validating',
    severity: 'high',
    generation: 0,
    occurrences: 1,
    anomalyId: 'a1',
    workflowId: 'w',
    ...times,
  };
}
