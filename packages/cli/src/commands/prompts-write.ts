import { SelfhealError } from '@selfheal/contracts';
import type { PromptEntry } from 'selfheal/ai';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import { listLine, readTemplate } from './prompts-read.ts';
import { type PromptOptions, withPrompts } from './with-prompts.ts';

interface WriteOptions extends PromptOptions {
  readonly file?: string;
  readonly description?: string;
  readonly tag?: readonly string[];
}

/** `selfheal prompts new` */
export async function promptsNewCommand(terminal: Terminal, name: string, options: WriteOptions & { from?: string }): Promise<void> {
  await withPrompts(terminal, options, async ({ prompts }, by) => {
    const source = options.from === undefined ? undefined : await prompts.find(options.from, by);
    if (source === undefined && options.file === undefined)
      throw new SelfhealError('INPUT_INVALID', 'give the text with --file (- is standard input), or a template to copy with --from');
    const text = source?.text ?? (await readTemplate(terminal, options.file ?? ''));
    const described = { description: source?.description ?? '', tags: source?.tags ?? [], ...fieldsOf(options) };
    await tell(terminal, options, 'made', await prompts.create({ name, text, ...described }, by));
  });
}

/** `selfheal prompts edit` */
export async function promptsEditCommand(terminal: Terminal, name: string, options: WriteOptions & { rename?: string }): Promise<void> {
  const text = options.file === undefined ? {} : { text: await readTemplate(terminal, options.file) };
  const changes = { ...text, ...fieldsOf(options), ...(options.rename === undefined ? {} : { name: options.rename }) };
  if (Object.keys(changes).length === 0)
    throw new SelfhealError('INPUT_INVALID', 'nothing to change: give --file, --description, --tag or --rename');
  await withPrompts(terminal, options, async ({ prompts }, by) => {
    const { id } = await prompts.find(name, by);
    await tell(terminal, options, 'changed', await prompts.edit(id, changes, by));
  });
}

/** `selfheal prompts share` */
export async function promptsShareCommand(terminal: Terminal, name: string, options: PromptOptions & { private?: boolean }): Promise<void> {
  await withPrompts(terminal, options, async ({ prompts }, by) => {
    const { id } = await prompts.find(name, by);
    const visibility = options.private === true ? 'private' : 'public';
    await tell(terminal, options, visibility, await prompts.setVisibility(id, visibility, by));
  });
}

/** `selfheal prompts delete` */
export async function promptsDeleteCommand(
  terminal: Terminal,
  name: string,
  options: PromptOptions & { restore?: boolean },
): Promise<void> {
  await withPrompts(terminal, options, async ({ prompts }, by) => {
    const { id } = await prompts.find(name, by);
    const deleted = options.restore !== true;
    await tell(terminal, options, deleted ? 'deleted' : 'restored', await prompts.setDeleted(id, deleted, by));
  });
}

function fieldsOf({ description, tag }: WriteOptions): { description?: string; tags?: readonly string[] } {
  return { ...(description === undefined ? {} : { description }), ...(tag === undefined ? {} : { tags: tag }) };
}

async function tell(terminal: Terminal, options: PromptOptions, done: string, entry: PromptEntry): Promise<void> {
  await writeJson(terminal, options.json, entry);
  if (options.json !== '-') terminal.stdout.write(`${done}: ${listLine(entry)}\n`);
}
