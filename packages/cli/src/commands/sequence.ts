import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import {
  checkPlans,
  type Diagnostic,
  formatDiagnostic,
  readSequenceFile,
  readSequenceFolder,
  type SequencePlan,
} from '@selfheal/sequences';
import { handlerNames, readLinkedPlan } from 'selfheal';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal sequence validate`: files, and folders with all sequences in them; exit 1 when a document has an error. */
export async function sequenceValidateCommand(terminal: Terminal, paths: readonly string[], options: { repo?: string }): Promise<void> {
  const { repo } = options;
  const handlers =
    repo === undefined ? handlerNames([]) : await withHealing(terminal, { repo }, async ({ plugins }) => handlerNames(plugins));
  let errors = 0;
  for (const path of paths) {
    const folder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    errors += await (folder ? validateFolder(terminal, path, handlers) : validateFile(terminal, path, handlers));
  }
  exitWith(errors === 0 ? 0 : 1);
}

async function validateFile(terminal: Terminal, file: string, handlers: readonly string[]): Promise<number> {
  const result = await readSequenceFile(file, { handlers });
  const errors = print(terminal, result.diagnostics, () => result.text);
  const what = result.plan === undefined ? result.format : `${result.format} ${describe(result.plan)}`;
  terminal.stdout.write(`${file}: ${verdict(errors)} (${what})\n`);
  return errors;
}

/** Also finds what no single document shows: two of one id, sequences that call each other in a circle. */
async function validateFolder(terminal: Terminal, folder: string, handlers: readonly string[]): Promise<number> {
  const { plans, diagnostics, texts } = await readSequenceFolder(folder, { handlers });
  const errors = print(terminal, [...diagnostics, ...checkPlans(plans)], (file) => texts.get(file));
  for (const plan of plans) terminal.stdout.write(`  ${describe(plan)}\n`);
  terminal.stdout.write(`${folder}: ${verdict(errors)} (${plans.length} ${plans.length === 1 ? 'sequence' : 'sequences'})\n`);
  return errors;
}

/** Returns the number of errors among the diagnostics. */
function print(terminal: Terminal, diagnostics: readonly Diagnostic[], textOf: (file: string) => string | undefined): number {
  for (const diagnostic of diagnostics) terminal.stdout.write(`${formatDiagnostic(diagnostic, textOf(diagnostic.file))}\n`);
  return diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
}

function verdict(errors: number): string {
  return errors === 0 ? 'valid' : `${errors} ${errors === 1 ? 'error' : 'errors'}`;
}

function describe(plan: SequencePlan): string {
  return `"${plan.id}", ${plan.movements.reduce((count, movement) => count + movement.beats.length, 0)} beats`;
}

/** `selfheal sequence run`: runs a document, ours or a foreign one, in the engine; what it calls may lie beside it. */
export async function sequenceRunCommand(terminal: Terminal, file: string, options: CommonOptions & { input?: string }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const plan = healing.plans[file] ?? (await readLinkedPlan(resolve(file), handlerNames(healing.plugins), Object.values(healing.plans)));
    for (const diagnostic of plan.unsupported) terminal.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
    healing.on('notice', (line) => terminal.stderr.write(`${line}\n`));
    healing.on('beat', (run) => terminal.stderr.write(`${run.outcome === 'ok' ? '✔' : '✖'} ${run.handler} ${run.durationMs} ms\n`));
    await healing.start();
    const result = await healing.runSequence(plan, await inputOf(options.input));
    await writeJson(terminal, options.json ?? '-', result);
    exitWith(result.failures.length === 0 ? 0 : 1);
  });
}

export async function sequenceListCommand(terminal: Terminal, options: { repo: string }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    for (const plan of Object.values(healing.plans)) terminal.stdout.write(`${plan.id.padEnd(22)} ${plan.description ?? plan.name}\n`);
  });
}

async function inputOf(text: string | undefined): Promise<unknown> {
  if (text === undefined) return {};
  const json = text.startsWith('@') ? await readFile(text.slice(1), 'utf8') : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new SelfhealError('INPUT_INVALID', `--input is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
