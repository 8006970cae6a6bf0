import { readFile } from 'node:fs/promises';
import { anomaly as anomalySchema } from '@selfheal/contracts';
import { fixRig, generateFix } from './fix-rig.ts';
const root = process.argv[2] ?? '';
const anomalies = JSON.parse(await readFile(new URL('../../fixtures/diagnosis.analyze/shop-anomalies.json', import.meta.url), 'utf8'));
for (const type of (process.argv[3] ?? 'error,performance,behavioral,coverage').split(',')) {
  await using rig = await fixRig(root);
  const a = anomalySchema.parse(anomalies[type]);
  const start = Date.now();
  const diagnosis = await rig.diagnose(a);
  console.log('=====', type, diagnosis.analysis.rootCause, JSON.stringify(diagnosis.analysis.data).slice(0, 600), diagnosis.analysis.abstain);
  const t0 = Date.now();
  const r = await generateFix(rig, diagnosis);
  console.log('ms diagnose', t0 - start, 'fix', Date.now() - t0);
  console.log('candidates', r.candidates.candidates.map((c) => `${c.template} ${c.score.toFixed(2)} ${c.title}`), r.candidates.notes);
  console.log('tests', r.tests.tests.length, r.tests.notes);
  console.log(r.completed, r.search.trials, rig.progress);
  console.log(r.patch?.diff ?? r.tests.tests.map((t) => t.edits[0]?.replace).join('\n-----\n'));
}
