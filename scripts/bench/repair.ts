import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repairRepository } from 'selfheal/repair';
import { brierScore, calibrationError, reliabilityBins } from '../confidence/reliability.ts';
import { layOutCases, needsInstall, type RepairCase } from './repair-cases.ts';
import { type Score, scoreRepair } from './repair-score.ts';
import { median, type Row } from './table.ts';

interface Outcome extends Score {
  readonly one: RepairCase;
  readonly plausible: boolean;
  readonly offered: boolean;
  /** Of the best patch. */
  readonly confidence: number;
  readonly broken: number;
  readonly firstMs: number | undefined;
  readonly perSecond: number;
  /** Candidates per second over runs of the test command per second. */
  readonly timesCommand: number;
}

/**
 * The public half of HumanEvalFix-JS: what is repaired, what of it is right, and where the fault was thought to be. Options: `--data DIR`
 * (default ../shared/data beside the project), `--budget SECONDS`, `--half A|B`, `--only id,id`, `--tests full|example`, `--verbose`.
 */
export async function runRepairBench(folder: string): Promise<Row[]> {
  const { values } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: resolve(import.meta.dirname, '../../../shared/data') },
      budget: { type: 'string', default: '60' },
      half: { type: 'string' },
      only: { type: 'string' },
      tests: { type: 'string', default: 'full' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const all = await layOutCases(resolve(values.data), join(folder, 'hef'), values.tests === 'example' ? 'example' : 'full');
  if (all === undefined) {
    process.stdout.write(`repair: no humanevalfix_js/*.jsonl in ${resolve(values.data)}; give its folder with --data\n`);
    return [];
  }
  const only = values.only?.split(',');
  const chosen = all.filter((one) => (values.half === undefined || one.half === values.half) && (only?.includes(one.id) ?? true));
  const outcomes: Outcome[] = [];
  for (const one of chosen) {
    if (await needsInstall(one)) {
      process.stdout.write(`repair: ${one.id} is left out: it needs a package of its own\n`);
      continue;
    }
    const outcome = await runCase(one, Number(values.budget) * 1_000, values.verbose);
    outcomes.push(outcome);
  }
  return ['all', 'A', 'B'].flatMap((half) => rows(half, half === 'all' ? outcomes : outcomes.filter(({ one }) => one.half === half)));
}

async function runCase(one: RepairCase, budgetMs: number, verbose: boolean): Promise<Outcome> {
  const report = await repairRepository({ repo: one.folder, budgetMs });
  const score = await scoreRepair(one, report);
  const [patch] = report.patches;
  const { perSecond, tried, mode } = report.candidates;
  if (verbose) {
    const told = `${one.id} ${one.half} ${report.status} ${patch === undefined ? '' : score.correct ? 'correct' : 'WRONG'}`;
    const figures = `conf ${patch?.confidence.toFixed(2) ?? '-'} ${patch?.operator ?? ''} ranks ${score.rankBefore}/${score.rankAfter} tried ${tried} ${perSecond.toFixed(0)}/s ${mode}`;
    const times = `first ${report.durationsMs.firstPlausible?.toFixed(0) ?? '-'} total ${report.durationsMs.total.toFixed(0)} ms`;
    process.stdout.write(`  ${told} ${figures} ${times}\n`);
  }
  return {
    one,
    ...score,
    plausible: patch !== undefined,
    offered: report.status === 'offered',
    confidence: patch?.confidence ?? 0,
    broken: patch?.proof?.broken.length ?? 0,
    firstMs: report.durationsMs.firstPlausible,
    perSecond,
    timesCommand: (perSecond * report.durationsMs.baseRun) / 1_000,
  };
}

function rows(half: string, outcomes: readonly Outcome[]): Row[] {
  if (outcomes.length === 0) return [];
  const share = (what: string, those: readonly Outcome[], of: readonly Outcome[]): Row => ({
    what: `${half}: ${what} (${those.length} of ${of.length})`,
    value: of.length === 0 ? 0 : (100 * those.length) / of.length,
    unit: '%',
  });
  const offered = outcomes.filter((outcome) => outcome.offered);
  const first = outcomes.flatMap(({ firstMs }) => (firstMs === undefined ? [] : [firstMs]));
  const within = (most: number, rank: (outcome: Outcome) => number) => outcomes.filter((outcome) => rank(outcome) <= most);
  return [
    share(
      'plausible',
      outcomes.filter(({ plausible }) => plausible),
      outcomes,
    ),
    share(
      'correct',
      outcomes.filter(({ correct }) => correct),
      outcomes,
    ),
    share(
      'correct of plausible',
      outcomes.filter(({ correct }) => correct),
      outcomes.filter(({ plausible }) => plausible),
    ),
    share('offered', offered, outcomes),
    share(
      'correct of offered',
      offered.filter(({ correct }) => correct),
      offered,
    ),
    share(
      'a passing test broken',
      outcomes.filter(({ broken }) => broken > 0),
      outcomes,
    ),
    share(
      'true line first, before any edit',
      within(1, ({ rankBefore }) => rankBefore),
      outcomes,
    ),
    share(
      'true line in first five, before any edit',
      within(5, ({ rankBefore }) => rankBefore),
      outcomes,
    ),
    share(
      'true line first, after the search',
      within(1, ({ rankAfter }) => rankAfter),
      outcomes,
    ),
    share(
      'true line in first five, after the search',
      within(5, ({ rankAfter }) => rankAfter),
      outcomes,
    ),
    ...(first.length === 0
      ? []
      : [{ what: `${half}: median to the first plausible patch`, value: median(first) / 1_000, unit: 's', bound: 8 }]),
    ...calibrationRows(half, outcomes),
    { what: `${half}: median candidates per second`, value: median(outcomes.map(({ perSecond }) => perSecond)), unit: '1/s' },
    { what: `${half}: median times one process each`, value: median(outcomes.map(({ timesCommand }) => timesCommand)), unit: 'x' },
  ];
}

/** The confidence of the best patch of each case against whether it is right. */
function calibrationRows(half: string, outcomes: readonly Outcome[]): Row[] {
  const predictions = outcomes
    .filter(({ plausible }) => plausible)
    .map(({ confidence, correct }) => ({ probability: confidence, right: correct }));
  if (predictions.length === 0) return [];
  return [
    { what: `${half}: Brier score of the confidence (0.25: a coin)`, value: brierScore(predictions), unit: '' },
    { what: `${half}: calibration error of the confidence`, value: calibrationError(predictions), unit: '' },
    ...reliabilityBins(predictions).map(({ from, to, right, total }) => ({
      what: `${half}: right of those trusted by ${from} to ${to} (${right} of ${total})`,
      value: (100 * right) / total,
      unit: '%',
    })),
  ];
}
