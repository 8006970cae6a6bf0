import { stat } from 'node:fs/promises';
import {
  checkPlans,
  type Diagnostic,
  formatDiagnostic,
  readSequenceFile,
  readSequenceFolder,
  type SequencePlan,
} from '@selfheal/sequences';
import { handlerNames } from 'selfheal';
import { exitWith, type Terminal } from '../terminal.ts';
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

export async function sequenceListCommand(terminal: Terminal, options: { repo: string }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    for (const plan of Object.values(healing.plans)) terminal.stdout.write(`${plan.id.padEnd(22)} ${plan.description ?? plan.name}\n`);
  });
}
