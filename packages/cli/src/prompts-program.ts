import { type Command, Option } from 'commander';
import type { Terminal } from './terminal.ts';

/** `selfheal prompts …`: names, options and help. */
export function addPromptsCommands(program: Command, terminal: Terminal): void {
  const prompts = program.command('prompts').description('prompt templates of models: own ones, public ones and those of the system');
  const repository = new Option('--repo <dir>', 'the watched repository').default('.');
  const data = new Option('--data <dir>', "folder of selfheal's own state (default: .selfheal in the repository)");
  const json = new Option('--json <file>', 'write the result as JSON; - is standard output');
  const by = new Option('--by <name>', 'whose templates (default: your user name)');
  const version = new Option('--at-version <number>', 'not the newest version but this one');
  const file = new Option('--file <file>', 'the text of the template; - is standard input');
  const command = (name: string, about: string) =>
    prompts.command(name).description(about).addOption(repository).addOption(data).addOption(by).addOption(json);
  const describing = (name: string, about: string) =>
    command(name, about)
      .option('--description <text>', 'one line about it')
      .option('--tag <name...>', 'tags, of small letters, digits and -');

  command('list', 'templates that you see, with how often they healed')
    .option('--tag <name>', 'only those with this tag')
    .option('--all', 'your deleted ones too')
    .action(async (options) => (await import('./commands/prompts-read.ts')).promptsListCommand(terminal, options));
  command('show <name>', 'the text of a template and its versions; by name or id')
    .addOption(version)
    .action(async (name, options) => (await import('./commands/prompts-read.ts')).promptsShowCommand(terminal, name, options));
  describing('new <name>', 'make a private template from a file or from another template')
    .addOption(file)
    .addOption(new Option('--from <name>', 'copy this template').conflicts('file'))
    .action(async (name, options) => (await import('./commands/prompts-write.ts')).promptsNewCommand(terminal, name, options));
  describing('edit <name>', 'change a template of yours; a changed text is a new version')
    .addOption(file)
    .option('--rename <name>', 'its new name')
    .action(async (name, options) => (await import('./commands/prompts-write.ts')).promptsEditCommand(terminal, name, options));
  prompts
    .command('validate <file...>')
    .description('check the text of templates; errors name file, line, column and the nearest name; - is standard input')
    .action(async (files) => (await import('./commands/prompts-read.ts')).promptsValidateCommand(terminal, files));
  command('render <name>', 'the prompt as it would be sent, its size and what it would cost; nothing is sent')
    .addOption(version)
    .addOption(new Option('--incident <id>', 'about this incident (default: a made-up failure)').conflicts('attempt'))
    .option('--attempt <id>', 'with the context that this attempt had')
    .action(async (name, options) => (await import('./commands/prompts-read.ts')).promptsRenderCommand(terminal, name, options));
  command('diff <name> [before] [after]', 'what changed between two versions (default: the newest two)').action(
    async (name, before, after, options) =>
      (await import('./commands/prompts-read.ts')).promptsDiffCommand(terminal, name, before, after, options),
  );
  command('share <name>', 'let everyone see and use a template of yours')
    .option('--private', 'take it back')
    .action(async (name, options) => (await import('./commands/prompts-write.ts')).promptsShareCommand(terminal, name, options));
  command('delete <name>', 'delete a template of yours; it can be restored')
    .option('--restore', 'bring it back')
    .action(async (name, options) => (await import('./commands/prompts-write.ts')).promptsDeleteCommand(terminal, name, options));
  command('test <name>', 'ask the models about recorded failures with two versions, and compare the decisions with how these ended')
    .option('--versions <numbers>', 'which versions, as 1,2 (default: the newest two)')
    .option('--against <name>', 'compare with the newest version of this template')
    .option('--limit <number>', 'recorded attempts at most, the newest first', '20')
    .action(async (name, options) => (await import('./commands/prompts-test.ts')).promptsTestCommand(terminal, name, options));
}
