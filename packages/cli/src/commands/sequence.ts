import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { formatDiagnostic, readSequenceFile } from '@selfheal/sequences';
import { handlerNames, readPlan, type SelfHealing } from 'selfheal';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal sequence validate`: exit 1 when a document has an error. */
export async function sequenceValidateCommand(terminal: Terminal, files: readonly string[]): Promise<void> {
  let errors = 0;
  for (const file of files) {
    const result = await readSequenceFile(file, { handlers: handlerNames([]) });
    for (const diagnostic of result.diagnostics) terminal.stdout.write(`${formatDiagnostic(diagnostic, result.text)}\n`);
    const failed = result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    errors += failed;
    const what =
      result.plan === undefined
        ? result.format
        : `${result.format} "${result.plan.id}", ${result.plan.movements.reduce((count, movement) => count + movement.beats.length, 0)} beats`;
    terminal.stdout.write(`${file}: ${failed === 0 ? 'valid' : `${failed} errors`} (${what})\n`);
  }
  exitWith(errors === 0 ? 0 : 1);
}

/** `selfheal sequence run`: runs a document, ours or a foreign one, in the engine. */
export async function sequenceRunCommand(terminal: Terminal, file: string, options: CommonOptions & { input?: string }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const plan = healing.plans[file] ?? (await readPlan(isAbsolute(file) ? file : resolve(file), handlersOf(healing)));
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

function handlersOf(healing: SelfHealing): string[] {
  return handlerNames(healing.plugins);
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
