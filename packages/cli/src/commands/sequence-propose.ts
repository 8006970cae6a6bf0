import { writeFile } from 'node:fs/promises';
import { SelfhealError } from '@selfheal/contracts';
import { capabilitiesOf, capabilitiesText, openSequences, printable } from 'selfheal';
import { proposeDocument, type SequenceProposal } from 'selfheal/ai';
import { styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withPrompts } from './with-prompts.ts';

export interface SequenceProposeOptions extends CommonOptions {
  readonly out?: string;
}

/**
 * `selfheal sequence propose`: a document for what is asked in words. Exit 0: there is one, and it is valid; 3: it asks questions; 4: what it gave
 * is not valid, its repair neither. Nothing is run.
 */
export async function sequenceProposeCommand(terminal: Terminal, request: string, options: SequenceProposeOptions): Promise<void> {
  if (request.trim() === '') throw new SelfhealError('INPUT_INVALID', 'say in words what the sequence is to do');
  await withPrompts(terminal, options, async (prompts) => {
    const proposal = await proposeDocument(prompts, request, terminal.signal);
    const { answer } = proposal;
    await writeJson(terminal, options.json, proposal);
    if (answer !== undefined && answer.document !== '' && options.out !== undefined) await write(options.out, answer.document);
    if (options.json !== '-') print(terminal, proposal, options.out);
    exitWith(answer === undefined ? 4 : answer.document === '' ? 3 : 0);
  });
}

/** `selfheal sequence capabilities`: what sequences can be made of, as models are told. */
export async function sequenceCapabilitiesCommand(terminal: Terminal, { json, repo }: { repo?: string; json?: string }): Promise<void> {
  const { plans, plugins } = await openSequences(repo);
  const capabilities = capabilitiesOf(plugins, plans);
  await writeJson(terminal, json, capabilities);
  if (json !== '-') terminal.stdout.write(`${capabilitiesText(capabilities)}\n`);
}

async function write(file: string, document: string): Promise<void> {
  await writeFile(file, pretty(document), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new SelfhealError('INPUT_INVALID', `${file} is there already; name another file`);
    throw error;
  });
}

function print(terminal: Terminal, { answer, calls, model, notes, problem, response }: SequenceProposal, out: string | undefined): void {
  const style = styleOf(terminal);
  const told = (line: string) => terminal.stderr.write(`${line}\n`);
  for (const note of notes) told(style.dim(printable(note)));
  const cost = calls.reduce((sum, { costUsd }) => sum + costUsd, 0);
  told(style.dim(`${model}, ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}, $${cost.toFixed(4)}`));
  if (answer === undefined) {
    told(`${style.red('no usable proposal')}\n${lines(problem ?? '')}`);
    told(`the answer was:\n${lines(response.slice(0, 4_000))}`);
    return;
  }
  told(`${style.bold('taken to mean')} ${printable(answer.interpretation)} (confidence ${answer.confidence.toFixed(2)})`);
  for (const question of answer.questions) told(`${style.yellow('?')} ${printable(question)}`);
  if (answer.document === '') {
    told('Ask again with the answers to these questions in the request.');
    return;
  }
  told(printable(answer.explanation));
  if (out === undefined) terminal.stdout.write(pretty(answer.document));
  told(`Try it without side effects: selfheal sequence test ${out ?? 'FILE'} --data '{…}'`);
}

function pretty(document: string): string {
  return `${JSON.stringify(JSON.parse(document), null, 2)}\n`;
}

function lines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
