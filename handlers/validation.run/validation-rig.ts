import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  AnomalyType,
  BeatOutput,
  CodebaseInfo,
  Diagnosis,
  Edit,
  Incident,
  Patch,
  Ports,
  SelfhealConfigInput,
  Validation,
} from '@selfheal/contracts';
import { selfhealConfig } from '@selfheal/contracts';
import { createCodebase, hashEdits } from '@selfheal/repair';
import { createSandbox } from '@selfheal/sandbox';
import { openStore } from '@selfheal/store';
import { execa } from 'execa';
import { validationRunHandlers } from './index.ts';

const NOW = 1_795_248_500_000;

export interface ValidationRig extends AsyncDisposable {
  readonly root: string;
  readonly base: string;
  readonly ports: Ports;
  readonly progress: string[];
  codebase(): Promise<CodebaseInfo>;
  /** Stores a patch with its diagnosis and incident, as fix.generate leaves them. */
  store(wanted: PatchWanted): Promise<Patch>;
  commit(files: Readonly<Record<string, string>>): Promise<string>;
}

export interface PatchWanted {
  readonly type?: AnomalyType;
  readonly code: readonly Edit[];
  readonly test: { readonly file: string; readonly text: string; readonly titles: readonly string[] };
  readonly documentation?: readonly Edit[];
  /** Where the diagnosis points. */
  readonly at: { readonly file: string; readonly line: number; readonly functionStart?: number; readonly functionEnd?: number };
}

/** A repository of these files with the ports that the handlers of validation.run use. For tests. */
export async function validationRig(files: Readonly<Record<string, string>>, config: SelfhealConfigInput = {}): Promise<ValidationRig> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-validation-')));
  const root = join(folder, 'repo');
  const dataDir = join(folder, 'data');
  await mkdir(root);
  const git = async (...args: readonly string[]): Promise<string> => (await execa('git', [...args], { cwd: root })).stdout;
  await git('init', '-q', '-b', 'main');
  const commit = async (changed: Readonly<Record<string, string>>): Promise<string> => {
    for (const [file, text] of Object.entries(changed)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
    await git('add', '-A');
    await git('-c', 'user.name=T', '-c', 'user.email=t@localhost', 'commit', '-q', '-m', 'change');
    return git('rev-parse', 'HEAD');
  };
  const base = await commit(files);
  const parsed = selfhealConfig.parse(config);
  const store = await openStore({ dataDir });
  const sandbox = createSandbox({ root, dataDir, config: parsed });
  const codebase = createCodebase({ root, dataDir, config: parsed, sandbox, records: store.records, projectId: 'p1' });
  const progress: string[] = [];
  let time = NOW;
  const ports: Ports = {
    beat: { ...BEAT, signal: new AbortController().signal, heartbeat: (text) => void (text === undefined || progress.push(text)) },
    project: { id: 'p1', root, dataDir, config: parsed },
    clock: { now: () => time++ },
    records: store.records,
    lake: notUsed('lake'),
    sources: notUsed('sources'),
    codebase,
    sandbox,
    forge: notUsed('forge'),
  };
  return {
    root,
    base,
    ports,
    progress,
    commit,
    codebase: () => codebase.info(base),
    async store(wanted) {
      const patch = makePatch(base, wanted);
      await store.records.put('patch', patch);
      await store.records.put('diagnosis', makeDiagnosis(base, wanted));
      await store.records.put('incident', makeIncident(wanted.type ?? 'error'));
      return patch;
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const BEAT = { workflowId: 'w', sequence: 'validation.run', beat: 'b', attempt: 1, key: 'w/b' };

/** Runs the beats in the order of the document and gives the stored verdict. `evenIfUnsound` runs tests where integrity would stop them; `testsOnly` leaves coverage and timing out. */
export async function validate(
  rig: ValidationRig,
  patch: Patch,
  options: { evenIfUnsound?: boolean; testsOnly?: boolean } = {},
): Promise<{ validation: Validation; completed: BeatOutput<'validateCompleted'>; applied: BeatOutput<'applyPatch'> }> {
  const beats = validationRunHandlers;
  const request = beats.validateRequested({ projectId: 'p1', incidentId: 'i1', patchId: patch.id });
  const loaded = await beats.loadPatch(request, rig.ports);
  const common = { projectId: 'p1', patch: loaded.patch, codebase: loaded.codebase, diagnosis: loaded.diagnosis };
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
  const { validationId } = await beats.storeValidationResults({ projectId: 'p1', incidentId: 'i1', validation }, rig.ports);
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

/** A port that these handlers have no business with. */
function notUsed<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`validation.run uses no ${name}`);
    },
  });
}
