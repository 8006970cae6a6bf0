import {
  type Anomaly,
  type BeatOutput,
  beats as contracts,
  type Diagnosis,
  type FixTemplate,
  type Ports,
  type SelfhealConfigInput,
} from '@selfheal/contracts';
import { analyzeBehavior, analyzeCoverage, analyzeError, analyzePerformance, checkIntegrity, type IntegrityResult } from '@selfheal/repair';
import { execa } from 'execa';
import { createFixGenerateHandlers } from './index.ts';
import { NOW, type RepairRig, repairRig } from './repair-rig.ts';

export interface FixRig extends RepairRig {
  /** Diagnoses the anomaly with the real analysers and stores what fix.generate loads. */
  diagnose(anomaly: Anomaly): Promise<Diagnosis>;
}

/** A repository of these files in a temporary folder, or one that is there, with what fix.generate uses. For tests. */
export async function fixRig(files: Readonly<Record<string, string>> | string, config: SelfhealConfigInput = {}): Promise<FixRig> {
  const rig = await repairRig(files, { config, packages: true });
  return { ...rig, diagnose: (anomaly) => storeDiagnosis(rig.ports, anomaly) };
}

export interface Generated {
  readonly search: BeatOutput<'searchCandidates'>;
  readonly candidates: BeatOutput<'generateCodeFix'>;
  readonly tests: BeatOutput<'generateTestFix'>;
  readonly patch?: BeatOutput<'createPatch'>['patch'];
  readonly stored?: BeatOutput<'storePatch'>;
  readonly completed: BeatOutput<'generateFixCompleted'>;
  /** What the check of validation.run says of the patch. */
  readonly integrity?: IntegrityResult;
}

/** Runs the beats of fix.generate in the order of its document. */
export async function generateFix(
  rig: FixRig,
  diagnosis: Diagnosis,
  options: { barred?: string[]; templates?: FixTemplate[] } = {},
): Promise<Generated> {
  const beats = createFixGenerateHandlers(options.templates);
  const { projectId, incidentId } = diagnosis;
  const request = beats.generateFixRequested({
    projectId,
    incidentId,
    diagnosisId: diagnosis.id,
    ...(options.barred ? { barred: options.barred } : {}),
  });
  const loaded = contracts.loadDiagnosis.output.parse(await beats.loadDiagnosis(request, rig.ports));
  const candidates = beats.generateCodeFix(loaded);
  const tests = beats.generateTestFix(loaded);
  const search = await beats.searchCandidates({ ...loaded, projectId, candidates: candidates.candidates, tests: tests.tests }, rig.ports);
  if (!search.found || !search.test) return { candidates, tests, search, completed: beats.generateFixCompleted(search) };
  const parts = {
    ...loaded,
    test: search.test,
    trials: search.trials,
    remaining: search.remaining,
    ...(search.candidate ? { candidate: search.candidate } : {}),
  };
  const { documentation } = beats.generateDocumentationFix(parts);
  const { patch } = beats.createPatch({ ...parts, documentation });
  const { syntax } = beats.validateSyntax({ patch, sources: loaded.sources, codebase: loaded.codebase });
  const stored = await beats.storePatch({ projectId, incidentId, patch, syntax }, rig.ports);
  const { rootCause, alternatives } = diagnosis.analysis;
  const integrity = checkIntegrity({
    sources: loaded.sources.files,
    edits: patch.edits,
    policy: loaded.policy,
    allowedFiles: [rootCause, ...alternatives].map((cause) => cause.location.file),
    testFiles: loaded.codebase.runner?.testFiles ?? [],
  });
  return { candidates, tests, search, patch, stored, integrity, completed: beats.generateFixCompleted({ ...search, ...stored }) };
}

/** An error anomaly as telemetry shows it; `run` is code that fails in the repository, whose stack is taken. */
export async function errorAnomaly(
  root: string,
  fault: { run: string; calls?: Partial<Parameters<typeof example>[1]>[]; operation?: string },
): Promise<Anomaly> {
  const failing = `(async () => { ${fault.run} })().catch((error) => process.stdout.write(String(error.stack)))`;
  const { stdout: stack } = await execa(process.execPath, ['--input-type=commonjs', '-e', failing], { cwd: root });
  const [first = ''] = stack.split('\n');
  const [, type = 'Error', message = first] = /^(\w+): (.*)$/s.exec(first) ?? [];
  const frames = framesOf(stack, root);
  const operation = fault.operation ?? 'op';
  const examples = (fault.calls ?? [{}]).map((call, index) => example({ message, frames, operation, index }, call));
  const error = {
    fingerprint: 'f1',
    type,
    normalisedMessage: message,
    severity: 'error' as const,
    count: 9,
    operations: { [operation]: 9 },
    firstSeen: NOW,
    lastSeen: NOW,
    frames,
    examples,
  };
  return {
    id: 'a1',
    projectId: 'p1',
    type: 'error',
    detector: 'test',
    fingerprint: 'f1',
    title: first,
    description: first,
    severity: 'high',
    confidence: 0.95,
    place: { operation },
    metrics: {},
    evidence: [],
    details: { type: 'error', error, ratePerMinute: 3, trend: 'new' },
    finding: false,
    detectedAt: NOW,
    window: { from: NOW - 1000, to: NOW },
  };
}

function example(
  of: { message: string; frames: ReturnType<typeof framesOf>; operation: string; index: number },
  call: { input?: Record<string, never> | unknown; request?: { method: string; path: string; route?: string; body?: unknown } },
) {
  const evidence = { eventId: `e${of.index}`, source: 'app.log', line: of.index + 1, time: NOW, text: of.message };
  const values = JSON.parse(JSON.stringify(call));
  return { evidence, message: of.message, frames: of.frames, operation: of.operation, ...values };
}

function framesOf(stack: string, root: string) {
  return [...stack.matchAll(/^\s+at (?:(?:async )?(.+?) \()?(?:file:\/\/)?([^()\s]+?):(\d+):(\d+)\)?$/gm)].flatMap(
    ([, name, file = '', line, column]) => {
      const inApp = file.startsWith(`${root}/`) && !file.includes('node_modules');
      if (!inApp && !file.startsWith('/')) return [];
      return [
        {
          ...(name === undefined ? {} : { function: name.replace(/^Object\./, '') }),
          file: inApp ? file.slice(root.length + 1) : file,
          line: Number(line),
          column: Number(column),
          inApp,
        },
      ];
    },
  );
}

async function storeDiagnosis({ records, codebase }: Ports, anomaly: Anomaly): Promise<Diagnosis> {
  const [info, sources] = await Promise.all([codebase.info(), codebase.snapshot()]);
  const analyse = { error: analyzeError, performance: analyzePerformance, behavioral: analyzeBehavior, coverage: analyzeCoverage }[
    anomaly.type
  ];
  const analysis = analyse(anomaly, info, sources);
  if (!analysis) throw new Error(`no analysis of ${anomaly.id}`);
  const diagnosis: Diagnosis = {
    id: `diagnosis-${anomaly.id}`,
    projectId: 'p1',
    incidentId: `incident-${anomaly.id}`,
    anomalyId: anomaly.id,
    type: anomaly.type,
    commit: info.commit,
    analysis,
    impact: { severity: 'high', affected: { functions: [], callers: [], routes: [], sequences: [] }, affectedCalls: 1 },
    recommendations: [],
    confidence: analysis.rootCause.confidence,
    createdAt: NOW,
  };
  await records.put('anomaly', { ...anomaly, projectId: 'p1' });
  await records.put('diagnosis', diagnosis);
  await records.put('incident', {
    id: diagnosis.incidentId,
    projectId: 'p1',
    type: anomaly.type,
    fingerprint: anomaly.fingerprint,
    title: anomaly.title,
    status: 'diagnosing',
    severity: 'high',
    generation: 0,
    occurrences: 1,
    firstSeen: NOW,
    lastSeen: NOW,
    anomalyId: anomaly.id,
    workflowId: 'w',
    createdAt: NOW,
    updatedAt: NOW,
  });
  return diagnosis;
}
