import { Command, Option } from 'commander';
import { VERSION } from 'selfheal';
import { approveCommand, rejectCommand } from './commands/decide.ts';
import { doctorCommand } from './commands/doctor.ts';
import { healCommand } from './commands/heal.ts';
import { incidentsCommand } from './commands/incidents.ts';
import { initCommand } from './commands/init.ts';
import { learnReportCommand, learnUndoCommand } from './commands/learn.ts';
import { repairCommand } from './commands/repair.ts';
import { revertCommand } from './commands/revert.ts';
import { sequenceListCommand, sequenceRunCommand, sequenceValidateCommand } from './commands/sequence.ts';
import { reviewCommand, showCommand } from './commands/show.ts';
import { sweepCommand } from './commands/sweep.ts';
import { upCommand } from './commands/up.ts';
import type { Terminal } from './terminal.ts';

const STAGES = ['diagnose', 'fix', 'validate', 'merge', 'deploy'];

/** The command line: names, options and help. Each command lives in its own file. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('selfheal')
    .description('Heals JavaScript and TypeScript services from their production telemetry')
    .version(VERSION);
  const repository = new Option('--repo <dir>', 'the watched repository').default('.');
  const data = new Option('--data <dir>', "folder of selfheal's own state (default: .selfheal in the repository)");
  const json = new Option('--json <file>', 'write the result as JSON; - is standard output');
  const quiet = new Option('--quiet', 'print only the outcome');
  const command = (name: string, about: string) => program.command(name).description(about).addOption(repository).addOption(data);

  command('init', 'write selfheal.config.json by looking at the repository')
    .option('--force', 'replace an existing file')
    .action((options) => initCommand(terminal, options));
  command('doctor', 'what is found, what is missing, how to get it')
    .addOption(json)
    .action((options) => doctorCommand(terminal, options));
  command('heal', 'read logs, find what goes wrong, fix, prove, ship')
    .option('--logs <path...>', 'log files, folders or globs (default: "logs" of the configuration)')
    .addOption(new Option('--approve <mode>', 'merge by policy, or wait for a person').choices(['auto', 'review']))
    .addOption(new Option('--stop-after <stage>', 'go no further than this').choices(STAGES))
    .option('--unsafe-no-sandbox', 'run the repository’s tests unconfined where no sandbox tool is found')
    .addOption(json)
    .addOption(quiet)
    .action((options) => healCommand(terminal, options));
  command('up', 'the service: continuous parsing, sweeps, workers')
    .option('--logs <path...>', 'log files, folders or globs (default: "logs" of the configuration)')
    .addOption(new Option('--approve <mode>', 'merge by policy, or wait for a person').choices(['auto', 'review']))
    .option('--unsafe-no-sandbox', 'run the repository’s tests unconfined where no sandbox tool is found')
    .addOption(quiet)
    .action((options) => upCommand(terminal, options));
  command('sweep', 'look for anomalies in what is stored and start heals')
    .addOption(json)
    .action((options) => sweepCommand(terminal, options));
  command('incidents', 'list incidents')
    .option('--all', 'closed ones too')
    .addOption(json)
    .action((options) => incidentsCommand(terminal, options));
  command('show <id>', 'everything known of one incident')
    .addOption(json)
    .action((id, options) => showCommand(terminal, id, options));
  command('review <id>', 'the waiting patch: cause, diff, test, proof').action((id, options) => reviewCommand(terminal, id, options));
  command('approve <id>', 'ship the waiting patch')
    .option('--by <name>', 'who approves')
    .option('--why <text>', 'why')
    .addOption(json)
    .addOption(quiet)
    .action((id, options) => approveCommand(terminal, id, options));
  command('reject <id>', 'refuse the waiting patch, or dismiss an incident')
    .requiredOption('--why <text>', 'why')
    .option('--by <name>', 'who rejects')
    .addOption(json)
    .addOption(quiet)
    .action((id, options) => rejectCommand(terminal, id, options));
  command('revert <id>', 'undo a merged fix and bar its patch')
    .requiredOption('--why <text>', 'why')
    .option('--by <name>', 'who reverts')
    .addOption(quiet)
    .action((id, options) => revertCommand(terminal, id, options));

  program
    .command('repair')
    .description('mend a folder whose tests fail or that does not parse, without telemetry')
    .addOption(repository)
    .option('--test <command>', 'how its tests are run (default: what the repository says)')
    .option('--budget <time>', 'how long to search, as 60s, 2m or milliseconds', '60s')
    .option('--seed <number>', 'seed of the generated inputs', '1')
    .option('--apply', 'write the best patch into the folder')
    .option('--unsafe-no-sandbox', 'run the repository’s tests unconfined where no sandbox tool is found')
    .addOption(json)
    .addOption(quiet)
    .action((options) => repairCommand(terminal, options));

  const sequence = program.command('sequence').description('sequence documents');
  sequence
    .command('validate <file...>')
    .description('check documents; errors name file, line and column')
    .option('--repo <dir>', 'the repository whose plugins bring handlers (default: only the built-in handlers are known)')
    .action((files, options) => sequenceValidateCommand(terminal, files, options));
  sequence
    .command('run <file>')
    .description('run a document (or a built-in sequence by id)')
    .addOption(repository)
    .addOption(data)
    .option('--input <json>', 'input as JSON, or @file')
    .addOption(json)
    .action((file, options) => sequenceRunCommand(terminal, file, options));
  sequence
    .command('list')
    .description('sequences that can be run')
    .addOption(repository)
    .action((options) => sequenceListCommand(terminal, options));

  const learn = program.command('learn').description('what was learned');
  learn
    .command('report')
    .description('outcomes, priors, thresholds, calibration')
    .addOption(repository)
    .addOption(data)
    .addOption(json)
    .action((options) => learnReportCommand(terminal, options));
  learn
    .command('undo <id>')
    .description('take back one change of what was learned; ids are in the report')
    .requiredOption('--why <text>', 'why')
    .option('--by <name>', 'who undoes it')
    .addOption(repository)
    .addOption(data)
    .addOption(json)
    .action((id, options) => learnUndoCommand(terminal, id, options));
  return program;
}
