import { readFile, rename, writeFile } from 'node:fs/promises';
import { aiRemediationOptions, SelfhealError } from '@selfheal/contracts';
import { setRemediation } from '@selfheal/sequences';
import { openDocument, printable } from 'selfheal';
import { checkRemediation, type RemediatedBeat } from 'selfheal/ai';
import { styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withPrompts } from './with-prompts.ts';

export interface SequenceRemediationOptions extends CommonOptions {
  readonly beat?: string;
  readonly set?: string;
  readonly unset?: boolean;
}

/**
 * `selfheal sequence remediation`: which beats of a document are remediated, and how; with --beat changes one. Exit 1 where a template, a model
 * or a decision handler that is named is not there.
 */
export async function sequenceRemediationCommand(terminal: Terminal, file: string, options: SequenceRemediationOptions): Promise<void> {
  if (options.beat !== undefined) await change(file, options.beat, options);
  const { plan, plugins } = await openDocument(file, options.repo);
  await withPrompts(terminal, options, async (prompts, by) => {
    const beats = await checkRemediation(prompts, plan, { plugins, by });
    await writeJson(terminal, options.json, beats);
    if (options.json !== '-') print(terminal, beats);
    exitWith(beats.every(({ faults }) => faults.length === 0) ? 0 : 1);
  });
}

async function change(file: string, beat: string, { set, unset }: SequenceRemediationOptions): Promise<void> {
  if ((set === undefined) === (unset !== true)) throw new SelfhealError('INPUT_INVALID', 'with --beat say either --set JSON or --unset');
  const remediation = set === undefined ? undefined : remediationOf(set);
  const changed = setRemediation(await readFile(file, 'utf8'), { file, beat, remediation });
  const draft = `${file}.${process.pid}.part`;
  await writeFile(draft, changed);
  await rename(draft, file);
}

function remediationOf(text: string) {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new SelfhealError('INPUT_INVALID', `--set is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = aiRemediationOptions.safeParse(given);
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ message, path }) => `${path.join('.') || 'the object'}: ${message}`);
  throw new SelfhealError('INPUT_INVALID', `--set: ${issues.join('; ')}`);
}

function print(terminal: Terminal, beats: readonly RemediatedBeat[]): void {
  const style = styleOf(terminal);
  const out = (line: string) => terminal.stdout.write(`${line}\n`);
  if (beats.length === 0) out('No beat is remediated.');
  for (const { beat, handler, remediation, faults } of beats) {
    out(`${beat === handler ? beat : `${beat} · ${handler}`}  ${style.dim(printable(JSON.stringify(remediation)))}`);
    for (const fault of faults) out(style.red(`  ${printable(fault)}`));
  }
}
