/**
 * `npm run fit-confidence`: fits the confidence of repairs and writes packages/repair/src/judge-patches/fitted-confidence.ts. Bugs are planted by
 * seed into the functions of half A of the public cases, the engine repairs them, each of the first patches that passes is compared with
 * the correct text, and a logistic regression learns from the evidence which are right. Half B is for `npm run bench -- repair`.
 *
 *   --data DIR        public data (default ../shared/data beside the project)
 *   --examples FILE   where what was seen is kept: a run that was cut off goes on, and with --fit-only nothing new is repaired
 *   --budget SECONDS  of each search (default 8)
 *   --seed N          of the planted bugs (default 1)
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EVIDENCE } from '@selfheal/repair';
import { repairRepository } from 'selfheal/repair';
import { layOutCases, needsInstall } from './bench/repair-cases.ts';
import { behaveAlike, patchedText } from './bench/repair-score.ts';
import { mulberry32 } from './bench/secret-samples.ts';
import { crossValidate, type Example, fitLogistic } from './confidence/fit-logistic.ts';
import { type PlantedBug, plantBugs } from './confidence/plant-bugs.ts';
import { brierScore, calibrationError, reliabilityBins } from './confidence/reliability.ts';

const TARGET = join(import.meta.dirname, '../packages/repair/src/judge-patches/fitted-confidence.ts');
const MOST_PATCHES = 3;
const FOLDS = 8;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: resolve(import.meta.dirname, '../../shared/data') },
    examples: { type: 'string', default: join(tmpdir(), 'selfheal-confidence.jsonl') },
    budget: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    'fit-only': { type: 'boolean', default: false },
  },
});

if (!values['fit-only']) await collect();
fitModel();

async function collect(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-confidence-'));
  try {
    const cases = await layOutCases(values.data, join(folder, 'hef'), 'full');
    if (cases === undefined) throw new TypeError(`no humanevalfix_js/*.jsonl in ${values.data}; give its folder with --data`);
    const done = new Set(readSeen().map(({ bug }) => bug));
    for (const [index, one] of cases.entries()) {
      if (one.half !== 'A' || (await needsInstall(one))) continue;
      const random = mulberry32(Number(values.seed) * 1_000 + index);
      for await (const bug of plantBugs(one, folder, random)) {
        if (done.has(bug.id)) continue;
        const examples = await examplesOf(bug);
        appendFileSync(values.examples, `${JSON.stringify({ bug: bug.id, examples })}\n`);
        process.stdout.write(`${bug.id}: ${examples.map(({ right }) => (right ? 'right' : 'wrong')).join(' ') || 'nothing passes'}\n`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function examplesOf({ folder, judgedIn, buggy, fixed, of }: PlantedBug): Promise<Example[]> {
  const report = await repairRepository({ repo: folder, budgetMs: Number(values.budget) * 1_000 });
  const patches = report.patches.slice(0, MOST_PATCHES);
  const alike = await behaveAlike(
    judgedIn,
    buggy,
    fixed,
    patches.map((patch) => patchedText(buggy, patch)),
  );
  return patches.map(({ evidence }, index) => ({ of, right: alike[index] ?? false, best: index === 0, evidence: { ...evidence } }));
}

function readSeen(): { bug: string; examples: Example[] }[] {
  if (!existsSync(values.examples)) return [];
  return readFileSync(values.examples, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function fitModel(): void {
  const seen = readSeen();
  const examples = seen.flatMap((one) => one.examples);
  const probabilities = crossValidate(examples, EVIDENCE, FOLDS);
  const predictions = examples.map(({ right }, index) => ({ right, probability: probabilities[index] ?? 0.5 }));
  const history = reliabilityBins(predictions);
  const { intercept, weights } = fitLogistic(examples, EVIDENCE);
  const brier = brierScore(predictions);
  const origin = `${examples.length} patches of ${seen.length} bugs planted by seed ${values.seed} in half A of HumanEvalFix-JS, ${values.budget} s each; logistic regression, ridge; cross-validated by function in ${FOLDS} folds: Brier score ${brier.toFixed(3)}, calibration error ${calibrationError(predictions).toFixed(3)}`;
  const rounded = Object.fromEntries(
    Object.entries(weights).map(([name, { mean, deviation, weight }]) => [
      name,
      { mean: round(mean), deviation: round(deviation), weight: round(weight) },
    ]),
  );
  const model = { origin, intercept: round(intercept), weights: rounded, history };
  const text = `import type { ConfidenceModel } from './confidence.ts';\n\n/** Written by \`npm run fit-confidence\`; change what it is fitted on, not this file. */\nexport const fittedConfidence: ConfidenceModel = ${JSON.stringify(model, null, 2)};\n`;
  writeFileSync(TARGET, text);
  process.stdout.write(`${origin}\n`);
  for (const { from, to, right, total } of history) process.stdout.write(`  ${from} to ${to}: ${right} of ${total} right\n`);
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
