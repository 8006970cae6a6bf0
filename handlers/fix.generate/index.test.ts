import { beats, type Diagnosis, type FixTemplate, type Patch, sequences } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { errorAnomaly, type FixRig, fixRig, generateFix } from './fix-rig.ts';
import { createFixGenerateHandlers, fixGenerateHandlers } from './index.ts';

const files = {
  'package.json': '{ "name": "users", "scripts": { "test": "node --test" } }',
  'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n### Added\n\n- Cities\n',
  'lib/users.js': `/** The city of a user. */
function cityOf(user) {
  return user.address.city;
}

module.exports = { cityOf };
`,
  'test/users.test.js':
    "const { test } = require('node:test');\nconst assert = require('node:assert/strict');\nconst { cityOf } = require('../lib/users');\n\ntest('city', () => {\n  assert.equal(cityOf({ address: { city: 'X' } }), 'X');\n});\n",
};

async function diagnosed(rig: FixRig): Promise<Diagnosis> {
  return rig.diagnose(
    await errorAnomaly(rig.root, { run: "require('./lib/users').cityOf({})", calls: [{ input: {} }], operation: 'cityOf' }),
  );
}

async function loaded(rig: FixRig, diagnosis: Diagnosis, barred: string[] = []) {
  return beats.loadDiagnosis.output.parse(
    await fixGenerateHandlers.loadDiagnosis({ projectId: 'p1', diagnosisId: diagnosis.id, barred }, rig.ports),
  );
}

describe('the handlers of fix.generate', () => {
  it('are those of the contract, and give what it asks', async () => {
    expect(Object.keys(fixGenerateHandlers).sort()).toEqual(Object.keys(sequences['fix.generate']).sort());
    await using rig = await fixRig(files, { policy: { notes: 'docs/incidents' } });
    const diagnosis = await diagnosed(rig);
    const { candidates, tests, search, patch, stored } = await generateFix(rig, diagnosis);
    expect(beats.generateCodeFix.output.parse(candidates)).toEqual(candidates);
    expect(beats.generateTestFix.output.parse(tests).tests).toHaveLength(tests.tests.length);
    expect(beats.searchCandidates.output.parse(search).found).toBe(true);
    expect(beats.storePatch.output.parse(stored).valid).toBe(true);
    const record = await rig.ports.records.need('patch', stored?.patchId ?? '');
    expect(record).toMatchObject({ hash: patch?.hash, base: diagnosis.commit, type: 'error', syntax: { valid: true, errors: [] } });
    // doc comment, changelog in its own format, and the note in the folder of the policy
    expect(record.files).toEqual(['CHANGELOG.md', 'docs/incidents/incident-a1.md', 'lib/users.js', 'test/users-regression.test.js']);
    expect(record.diff).toContain('+### Fixed\n');
    expect(record.diff).toMatch(/\+\/\*\* The city of a user\. (Null|Undefined) where the data it needs is missing\. \*\//);
    expect(record.documentation.note).toContain('**Cause** (null-access');
  });

  it('generateFixRequested gives defaults', () => {
    const request = { projectId: 'p', incidentId: 'i', diagnosisId: 'd' };
    expect(fixGenerateHandlers.generateFixRequested(request)).toEqual({ ...request, barred: [] });
    expect(fixGenerateHandlers.generateFixRequested({ ...request, barred: ['a', 'a'] }).barred).toEqual(['a']);
  });

  it('loadDiagnosis adds what is barred for good, and the candidates of barred patches', async () => {
    await using rig = await fixRig(files);
    const diagnosis = await diagnosed(rig);
    const { patch } = await generateFix(rig, diagnosis);
    const { records } = rig.ports;
    await records.put('barredPatch', {
      id: 'b1',
      projectId: 'p1',
      hash: patch?.hash ?? '',
      why: 'worse',
      incidentId: 'other',
      createdAt: 0,
    });
    await records.put('barredPatch', { id: 'b2', projectId: 'p2', hash: 'elsewhere', why: 'worse', incidentId: 'other', createdAt: 0 });
    await records.put('model', {
      id: 'm1',
      projectId: 'p1',
      kind: 'prior',
      key: 'error|guard-null',
      value: { alpha: 9, beta: 1 },
      updatedAt: 0,
    });
    const input = await loaded(rig, diagnosis, ['given']);
    expect(new Set(input.barred)).toEqual(new Set(['given', patch?.hash, patch?.candidate?.id]));
    expect(input.priors.map((prior) => prior.key)).toEqual(['error|guard-null']);
    expect(input.anomaly.id).toBe('a1');
    expect((await records.need('incident', diagnosis.incidentId)).status).toBe('fixing');
    await expect(loaded(rig, { ...diagnosis, id: 'none' })).rejects.toMatchObject({ code: 'RECORD_MISSING' });
  });

  it('generateCodeFix asks the templates of plugins too, and none for a coverage gap', async () => {
    await using rig = await fixRig(files);
    const input = await loaded(rig, await diagnosed(rig));
    const own: FixTemplate = {
      name: 'own',
      categories: ['null-access'],
      prior: 1,
      source: 'a plugin',
      propose: ({ analysis }) => [
        {
          edits: [{ file: 'lib/users.js', search: 'user.address.city', replace: 'String(user.address?.city)' }],
          title: 'own',
          rationale: '',
          location: analysis.rootCause.location,
          naturalness: 1,
        },
      ],
    };
    const { generateCodeFix } = createFixGenerateHandlers([own]);
    expect(generateCodeFix(input).candidates[0]).toMatchObject({ template: 'own', score: 1 });
    expect(generateCodeFix({ ...input, diagnosis: { ...input.diagnosis, type: 'coverage' } })).toEqual({
      candidates: [],
      considered: 0,
      notes: [],
    });
  });

  it('createPatch refuses parts that do not fit each other', async () => {
    await using rig = await fixRig(files);
    const diagnosis = await diagnosed(rig);
    const { search } = await generateFix(rig, diagnosis);
    const { sources } = await loaded(rig, diagnosis);
    const { candidate, test } = search;
    if (!candidate || !test) throw new Error('nothing found');
    const parts = {
      diagnosis,
      sources,
      candidate,
      test,
      documentation: { edits: candidate.edits, note: '', touched: [] },
      trials: [],
      remaining: 0,
    };
    expect(() => fixGenerateHandlers.createPatch(parts)).toThrow(expect.objectContaining({ code: 'PATCH_CONFLICT' }));
    const { patch } = fixGenerateHandlers.createPatch({ ...parts, documentation: { edits: [], note: '', touched: [] } });
    expect(patch.id).toBe(`patch-${patch.hash.slice(0, 16)}`);
  });

  it('validateSyntax reports code that does not parse, and storePatch says that it is of no use', async () => {
    await using rig = await fixRig(files);
    const diagnosis = await diagnosed(rig);
    const { patch } = await generateFix(rig, diagnosis);
    const input = await loaded(rig, diagnosis);
    if (!patch) throw new Error('nothing found');
    const broken = beats.createPatch.output.shape.patch.parse({
      ...patch,
      id: 'patch-broken',
      hash: 'broken',
      edits: [{ file: 'lib/users.js', search: 'return user', replace: 'return (user' }],
    });
    const { syntax } = fixGenerateHandlers.validateSyntax({ patch: broken, sources: input.sources, codebase: input.codebase });
    expect(syntax.valid).toBe(false);
    expect(syntax.errors[0]).toMatchObject({ file: 'lib/users.js' });
    const stored = await fixGenerateHandlers.storePatch(
      { projectId: 'p1', incidentId: diagnosis.incidentId, patch: broken, syntax: beats.validateSyntax.output.shape.syntax.parse(syntax) },
      rig.ports,
    );
    expect(stored).toEqual({ patchId: 'patch-broken', patchHash: 'broken', valid: false });
    expect(await rig.ports.records.need('incident', diagnosis.incidentId)).toMatchObject({
      status: 'no_fix',
      reason: expect.stringContaining('does not compile'),
    });
  });

  it('storePatch keeps the first of equal patches', async () => {
    await using rig = await fixRig(files);
    const diagnosis = await diagnosed(rig);
    const { patch, stored } = await generateFix(rig, diagnosis);
    if (!patch || !stored) throw new Error('nothing found');
    const before = await rig.ports.records.need('patch', stored.patchId);
    const draft = beats.createPatch.output.shape.patch.parse(patch);
    const again = await fixGenerateHandlers.storePatch(
      { projectId: 'p1', incidentId: diagnosis.incidentId, patch: draft, syntax: { valid: true, errors: [] } },
      rig.ports,
    );
    expect(again).toEqual(stored);
    expect(await rig.ports.records.list('patch', { where: { projectId: 'p1' } })).toEqual<Patch[]>([before]);
  });

  it('generateFixCompleted says what came out', () => {
    const found = { found: true, why: 'x', patchId: 'p', patchHash: 'h', valid: true, remaining: 2 };
    expect(fixGenerateHandlers.generateFixCompleted(found)).toEqual({
      found: true,
      patchId: 'p',
      patchHash: 'h',
      remaining: 2,
      summary: 'Fix found: x',
    });
    expect(fixGenerateHandlers.generateFixCompleted({ ...found, valid: false })).toEqual({
      found: false,
      remaining: 2,
      summary: 'No fix: the patch that was found does not compile',
    });
    expect(fixGenerateHandlers.generateFixCompleted({ found: false, why: 'nothing fits', remaining: 0 })).toEqual({
      found: false,
      remaining: 0,
      summary: 'No fix: nothing fits',
    });
  });
});
