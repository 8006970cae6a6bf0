import { readFile } from 'node:fs/promises';
import { SelfhealError } from '@selfheal/contracts';
import { checkTemplate, diffPrompts, type PreviewSubject, type PromptEntry, previewPrompt } from 'selfheal/ai';
import { figure, fit, instant, percent } from '../output/figures.ts';
import { colourDiff, styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import { STANDARD_INPUT } from './options.ts';
import { type PromptOptions, versionNumber, withPrompts } from './with-prompts.ts';

/** `selfheal prompts list` */
export async function promptsListCommand(terminal: Terminal, options: PromptOptions & { tag?: string; all?: boolean }): Promise<void> {
  await withPrompts(terminal, options, async ({ prompts }, by) => {
    const all = await prompts.list(by, { deleted: options.all === true });
    const { tag } = options;
    const shown = tag === undefined ? all : all.filter(({ tags }) => tags.includes(tag));
    await writeJson(terminal, options.json, shown);
    if (options.json === '-') return;
    if (shown.length === 0) terminal.stdout.write('No template.\n');
    for (const entry of shown) terminal.stdout.write(`${listLine(entry)}\n`);
  });
}

/** `selfheal prompts show` */
export async function promptsShowCommand(terminal: Terminal, name: string, options: PromptOptions & { atVersion?: string }): Promise<void> {
  await withPrompts(terminal, options, async ({ prompts }, by) => {
    const entry = await prompts.find(name, by, options.atVersion === undefined ? undefined : versionNumber(options.atVersion));
    const versions = await prompts.versions(entry.id);
    await writeJson(terminal, options.json, { ...entry, versions });
    if (options.json === '-') return;
    const head = [
      listLine(entry),
      `id ${entry.id}`,
      ...versions.map(({ author, createdAt, version }) => `version ${version}, ${instant(createdAt)}, by ${author}`),
    ];
    terminal.stdout.write(`${head.join('\n')}\n\n${entry.text.endsWith('\n') ? entry.text : `${entry.text}\n`}`);
  });
}

/** `selfheal prompts validate`: exit 1 when a template has an error. */
export async function promptsValidateCommand(terminal: Terminal, files: readonly string[]): Promise<void> {
  let errors = 0;
  for (const file of files) {
    const { findings, variables } = await checkTemplate(await readTemplate(terminal, file));
    for (const { column, line, message } of findings) terminal.stdout.write(`${file}:${line}:${column}: ${message}\n`);
    terminal.stdout.write(
      `${file}: ${findings.length === 0 ? `valid (${variables.length === 0 ? 'no variables' : variables.join(', ')})` : `${findings.length} ${findings.length === 1 ? 'error' : 'errors'}`}\n`,
    );
    errors += findings.length;
  }
  exitWith(errors === 0 ? 0 : 1);
}

/** `selfheal prompts render` */
export async function promptsRenderCommand(
  terminal: Terminal,
  name: string,
  options: PromptOptions & PreviewSubject & { atVersion?: string },
): Promise<void> {
  await withPrompts(terminal, options, async (prompts, by) => {
    const entry = await prompts.prompts.find(name, by, options.atVersion === undefined ? undefined : versionNumber(options.atVersion));
    const preview = await previewPrompt(prompts, entry, options);
    await writeJson(terminal, options.json, preview);
    if (options.json === '-') return;
    terminal.stdout.write(`${preview.prompt.system}\n\n---\n\n${preview.prompt.user}\n`);
    const { redactions, sizes, trimmed } = preview.context;
    const lines = [
      `context ${figure(sizes.bytes)} bytes (${Object.entries(sizes.parts)
        .map(([part, bytes]) => `${part} ${figure(bytes)}`)
        .join(', ')}), ${redactions} redacted; rendered in ${figure(preview.renderMs)} ms`,
      ...trimmed.map(
        ({ bytesAfter, bytesBefore, part, what }) => `trimmed: ${part}, ${figure(bytesBefore)} to ${figure(bytesAfter)} bytes (${what})`,
      ),
      ...preview.notes,
      ...preview.estimates.map(
        ({ costUsd, inputTokens, model }) => `${model}: about ${figure(inputTokens)} tokens in, $${costUsd.toFixed(4)} an attempt`,
      ),
    ];
    terminal.stderr.write(`${lines.join('\n')}\n`);
  });
}

/** `selfheal prompts diff` */
export async function promptsDiffCommand(
  terminal: Terminal,
  name: string,
  before: string | undefined,
  after: string | undefined,
  options: PromptOptions,
): Promise<void> {
  await withPrompts(terminal, options, async ({ prompts }, by) => {
    const newest = await prompts.find(name, by, after === undefined ? undefined : versionNumber(after));
    const older = before === undefined ? newest.version - 1 : versionNumber(before);
    if (older < 1) throw new SelfhealError('INPUT_INVALID', `${newest.name} has one version only`);
    const diff = diffPrompts(await prompts.find(newest.id, by, older), newest);
    await writeJson(terminal, options.json, { before: older, after: newest.version, diff });
    if (options.json !== '-') terminal.stdout.write(`${colourDiff(diff, styleOf(terminal))}\n`);
  });
}

/** The text of a template in a file, or on standard input. */
export async function readTemplate(terminal: Terminal, file: string): Promise<string> {
  if (file === STANDARD_INPUT) return standardInput(terminal);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SelfhealError('INPUT_INVALID', `${file} cannot be read`, { cause });
  });
}

async function standardInput(terminal: Terminal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export function listLine({ deleted, description, name, owner, successRate, tags, uses, version, visibility }: PromptEntry): string {
  const rate = successRate === undefined ? 'not used' : `healed ${percent(successRate)} of ${uses}`;
  const state = deleted ? 'deleted' : visibility;
  return `${fit(name, 24)} ${fit(`${state} (${owner})`, 24)} version ${version}, ${rate}${tags.length === 0 ? '' : ` [${tags.join(', ')}]`}${description === '' ? '' : `: ${description}`}`;
}
