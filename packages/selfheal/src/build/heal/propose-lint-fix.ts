import { decided, noIdea } from '../../remediation/proposers/answers.ts';
import type { BuildProposer } from './build-failure.ts';
import { textEdits } from './text-edits.ts';

/** Linters and formatters that mend what they find, and how they are asked to: by their own documentation. */
const FIXERS: readonly { readonly name: string; readonly call: RegExp; readonly fix: (command: string) => string }[] = [
  { name: 'eslint', call: /(?:^|[\s/])eslint(?:\s|$)/, fix: (command) => `${withoutLimits(command)} --fix` },
  { name: 'oxlint', call: /(?:^|[\s/])oxlint(?:\s|$)/, fix: (command) => `${command} --fix` },
  { name: 'stylelint', call: /(?:^|[\s/])stylelint(?:\s|$)/, fix: (command) => `${command} --fix` },
  { name: 'standard', call: /(?:^|[\s/])(?:ts-)?standard(?:\s|$)/, fix: (command) => `${command} --fix` },
  { name: 'xo', call: /(?:^|[\s/])xo(?:\s|$)/, fix: (command) => `${command} --fix` },
  {
    name: 'biome',
    call: /(?:^|[\s/])biome\s+(?:check|lint|format|ci)(?:\s|$)/,
    fix: (command) =>
      command.replace(/(biome\s+)(check|lint|format|ci)/, (_all, name, verb) => `${name}${verb === 'ci' ? 'check' : verb} --write`),
  },
  {
    name: 'prettier',
    call: /(?:^|[\s/])prettier\s.*(?:--check|-c|--list-different|-l)(?:\s|$)/,
    fix: (command) => command.replace(/(\s)(?:--check|-c|--list-different|-l)(?=\s|$)/, '$1--write'),
  },
];

/** The linter that failed mends what it can by itself, in the copy; what it changed is the proposal. */
export const proposeLintFix: BuildProposer = (tree, { task }) => ({
  name: 'lint-fix',
  async propose(_context, { attempt }) {
    const found = fixerOf(task.command ?? '');
    if (found === undefined) return noIdea('its command runs no linter that mends what it finds');
    if (attempt > 1) return noIdea(`${found.name} has mended what it can`);
    await tree.run(task, found.command);
    const files = await tree.changedFiles();
    const edits = [];
    for (const file of files) edits.push(...textEdits(file, await tree.before(file), (await tree.read(file)) ?? ''));
    await tree.takeBack();
    if (edits.length === 0) return noIdea(`${found.name} mends nothing of it by itself`);
    return decided('lint-fix', {
      decision: 'RETRY',
      reasoning: `${found.name} mends it by itself (${found.command})`,
      confidence: 0.9,
      edits,
    });
  },
});

/** The part of a shell line that runs a linter, told to mend. */
function fixerOf(line: string): { readonly name: string; readonly command: string } | undefined {
  for (const command of line.split(/&&|\|\||;|\|/).map((part) => part.trim())) {
    const fixer = FIXERS.find(({ call }) => call.test(command));
    if (fixer !== undefined) return { name: fixer.name, command: fixer.fix(command) };
  }
  return undefined;
}

/** A run that mends is no judgement. */
function withoutLimits(command: string): string {
  return command.replace(/\s--max-warnings[=\s]\S+/, '');
}
