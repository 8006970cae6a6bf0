import { readFile } from 'node:fs/promises';
import { SelfhealError } from '@selfheal/contracts';
import type { DryRun, DryStep } from '@selfheal/sequences';
import { printable, testDocument } from 'selfheal';
import { type Style, styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';

export interface SequenceTestOptions {
  readonly data: string;
  readonly repo?: string;
  readonly json?: string;
}

const SHOWN = 400;

/** `selfheal sequence test`: a run on sample data without side effects, step by step. Exit 1 where the sequence fails. */
export async function sequenceTestCommand(terminal: Terminal, file: string, { data, json, repo }: SequenceTestOptions): Promise<void> {
  const run = await testDocument({ file, sample: await sampleOf(data), ...(repo === undefined ? {} : { repo }) });
  await writeJson(terminal, json, run);
  if (json !== '-') print(terminal, run);
  exitWith(run.error === undefined && run.result?.failures.length === 0 ? 0 : 1);
}

async function sampleOf(data: string): Promise<unknown> {
  const text = /^\s*[{[]/.test(data) ? data : await readFile(data.replace(/^@/, ''), 'utf8').catch(() => undefined);
  if (text === undefined) throw new SelfhealError('INPUT_INVALID', `--data ${data}: neither JSON nor a file that can be read`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SelfhealError('INPUT_INVALID', `--data is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function print(terminal: Terminal, { error, result, steps }: DryRun): void {
  const style = styleOf(terminal);
  const out = (line: string) => terminal.stdout.write(`${line}\n`);
  for (const [index, step] of steps.entries()) for (const line of linesOf(index + 1, step, style)) out(line);
  for (const { beat, code, message } of result?.failures ?? [])
    out(style.red(printable(`failed, and went on: ${beat}: ${message} [${code}]`)));
  if (error !== undefined) out(style.red(printable(`failed: ${error.message} [${error.code}]`)));
  if (result !== undefined) {
    out(style.bold(`${result.status}${result.reason === undefined ? '' : `: ${printable(result.reason)}`}`));
    out(`output ${shown(result.output)}`);
  }
}

function linesOf(number: number, { beat, error, handler, input, note, output, what }: DryStep, style: Style): string[] {
  const mark = error === undefined ? (what === 'ran' ? style.green('✔') : style.yellow('○')) : style.red('✖');
  const name = handler === undefined || handler === beat ? beat : `${beat} · ${handler}`;
  const told = what === 'shown' ? 'not called; it would get' : what;
  return [
    `${mark} ${number} ${printable(name)} ${style.dim(told)}`,
    ...(input === undefined ? [] : [`    in  ${shown(input)}`]),
    ...(output === undefined ? [] : [`    out ${shown(output)}${note === undefined ? '' : style.dim(` (${note})`)}`]),
    ...(output === undefined && note !== undefined ? [`    ${note}`] : []),
    ...(error === undefined ? [] : [style.red(`    ${printable(error)}`)]),
  ];
}

function shown(value: unknown): string {
  const text = printable(JSON.stringify(value) ?? 'nothing');
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
