import { Command, Option } from 'commander';
import type { BuildControl } from 'selfheal/build-control';
import { VERSION } from 'selfheal/version';
import { addPromptsCommands } from './prompts-program.ts';
import type { Terminal } from './terminal.ts';

const ATTEMPT_RESULTS = ['pending', 'healed', 'retry-failed', 'failed', 'escalated', 'refused', 'stopped'];
const STAGES = ['diagnose', 'fix', 'validate', 'merge', 'deploy'];

/** The command line: names, options and help. Each command lives in its own file, which is loaded when it is called: all of them take seconds. */
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
    .action(async (options) => (await import('./commands/init.ts')).initCommand(terminal, options));
  command('doctor', 'what is found, what is missing, how to get it')
    .addOption(json)
    .action(async (options) => (await import('./commands/doctor.ts')).doctorCommand(terminal, options));
  command('heal', 'read logs, find what goes wrong, fix, prove, ship')
    .option('--logs <path...>', 'log files, folders or globs; - is standard input (default: "logs" of the configuration)')
    .addOption(new Option('--approve <mode>', 'merge by policy, or wait for a person').choices(['auto', 'review']))
    .addOption(new Option('--stop-after <stage>', 'go no further than this').choices(STAGES))
    .option('--unsafe-no-sandbox', 'run the repository’s tests unconfined where no sandbox tool is found')
    .addOption(json)
    .addOption(quiet)
    .action(async (options) => (await import('./commands/heal.ts')).healCommand(terminal, options));
  command('up', 'the service: continuous parsing, OTLP receiver, sweeps, workers')
    .argument('[source]', '- reads log lines from standard input')
    .option('--logs <path...>', 'log files, folders or globs; - is standard input (default: "logs" of the configuration)')
    .option('--otlp [port]', 'receive OpenTelemetry data over HTTP on this port (default: 4318, where it is free)')
    .option('--no-otlp', 'receive none')
    .addOption(new Option('--approve <mode>', 'merge by policy, or wait for a person').choices(['auto', 'review']))
    .option('--unsafe-no-sandbox', 'run the repository’s tests unconfined where no sandbox tool is found')
    .addOption(quiet)
    .action(async (source, options) => (await import('./commands/up.ts')).upCommand(terminal, source, options));
  command('release <name>', 'tell that a release began to run: telemetry that names none is split before and after')
    .option('--at <time>', 'when, as an ISO time or epoch milliseconds (default: now)')
    .addOption(json)
    .action(async (name, options) => (await import('./commands/release.ts')).releaseCommand(terminal, name, options));
  command('sweep', 'look for anomalies in what is stored and start heals')
    .addOption(json)
    .action(async (options) => (await import('./commands/sweep.ts')).sweepCommand(terminal, options));
  command('incidents', 'list incidents')
    .option('--all', 'closed ones too')
    .addOption(json)
    .action(async (options) => (await import('./commands/incidents.ts')).incidentsCommand(terminal, options));
  command('anomalies', 'list anomalies and findings: each cause once, as it was last seen')
    .option('--all', 'older ones too')
    .addOption(json)
    .action(async (options) => (await import('./commands/anomalies.ts')).anomaliesCommand(terminal, options));
  command('show <id>', 'everything known of one incident or anomaly')
    .addOption(json)
    .action(async (id, options) => (await import('./commands/show.ts')).showCommand(terminal, id, options));
  command('review <id>', 'the waiting patch: cause, diff, test, proof').action(async (id, options) =>
    (await import('./commands/show.ts')).reviewCommand(terminal, id, options),
  );
  command('approve <id>', 'ship the waiting patch')
    .option('--by <name>', 'who approves')
    .option('--why <text>', 'why')
    .addOption(json)
    .addOption(quiet)
    .action(async (id, options) => (await import('./commands/decide.ts')).approveCommand(terminal, id, options));
  command('reject <id>', 'refuse the waiting patch, or dismiss an incident or a finding')
    .requiredOption('--why <text>', 'why')
    .option('--by <name>', 'who rejects')
    .addOption(json)
    .addOption(quiet)
    .action(async (id, options) => (await import('./commands/decide.ts')).rejectCommand(terminal, id, options));
  command('revert <id>', 'undo a merged fix and bar its patch')
    .requiredOption('--why <text>', 'why')
    .option('--by <name>', 'who reverts')
    .addOption(quiet)
    .action(async (id, options) => (await import('./commands/revert.ts')).revertCommand(terminal, id, options));

  const build = command('build', 'build the packages of a workspace, dependencies first; what did not change is not built again')
    .argument('[task...]', 'scripts to run in the packages (default: build)')
    .option(
      '--filter <pattern...>',
      'packages: a name or a glob of names, ./folder, name... with what it needs, ...name with what needs it, !name',
    )
    .option('--concurrency <number>', 'tasks that run at once (default: one for each processor)')
    .addOption(
      new Option('--on-failure <policy>', 'stop what runs, let it finish, or go on with all that does not need what failed').choices([
        'stop',
        'finish-running',
        'continue',
      ]),
    )
    .option('--no-durable', 'schedule in this process: quicker to start, and over with it (default: in a workflow that survives crashes)')
    .option('--heal', 'where a task fails look for what is wrong, mend it in a copy, go on there, and offer the change')
    .option('--apply', 'with --heal: write what is offered into files that have no uncommitted edits')
    .option('--retry-failed', 'what the last build left undone, as it was asked for then')
    .option('--force', 'run also what is known')
    .option('--confine', 'let commands write in the folder of their package alone, of all the workspace')
    .addOption(
      new Option('--output <mode>', 'output of tasks: of failed ones, of each when it has ended, or of all as it comes')
        .choices(['failed', 'grouped', 'interleaved'])
        .default('failed'),
    )
    .option('--junit <file>', 'write the result as JUnit XML')
    .addOption(json)
    .addOption(quiet)
    .action(async (tasks, options) => (await import('./commands/build.ts')).buildCommand(terminal, tasks, options));
  const ofRunning = (name: string, about: string, control: (value: string) => Promise<BuildControl> | BuildControl | undefined) =>
    build
      .command(name)
      .description(`${about}, from another terminal`)
      .action(async (...given) => {
        const command: Command = given[given.length - 1];
        const { buildControlCommand } = await import('./commands/build-control.ts');
        await buildControlCommand(terminal, command.optsWithGlobals(), await control(String(given[0])));
      });
  ofRunning('status', 'where the build that runs stands', () => undefined);
  ofRunning('pause', 'start nothing more; what runs ends', () => ({ kind: 'pause' }));
  ofRunning('resume', 'go on after a pause', () => ({ kind: 'resume' }));
  ofRunning('cancel', 'end what runs and start nothing more', () => ({ kind: 'cancel' }));
  ofRunning('retry', 'open again what failed, and what that blocked', () => ({ kind: 'retry-failed' }));
  ofRunning('slots <number>', 'run so many at once', async (text) => (await import('./commands/build-control.ts')).slotsControl(text));
  build
    .command('watch')
    .description('each change of the build that runs, or ran last, as a line of JSON, until it is over')
    .action(async (_own, command) => (await import('./commands/build-control.ts')).buildWatchCommand(terminal, command.optsWithGlobals()));
  build
    .command('fixes')
    .description('the changes that the last build with --heal offers, one for each cause')
    .argument('[number...]', 'which ones (default: all)')
    .option('--apply', 'write them into files that have no uncommitted edits')
    .addOption(json)
    .action(async (numbers, _own, command) =>
      (await import('./commands/build-fixes.ts')).buildFixesCommand(terminal, numbers, command.optsWithGlobals()),
    );
  build
    .command('import')
    .description(
      'carry over turbo.json, nx.json, lage.config, wireit or a list of packages into selfheal.config.json; tells what it could not',
    )
    .addOption(repository)
    .option('--from <file>', 'a list of packages: JSON with packages[{packageName, packagePath, dependencies}]')
    .option('--dry-run', 'only print it')
    .option('--force', 'replace the "build" part that is there')
    .action(async (_own, command) => (await import('./commands/build-import.ts')).buildImportCommand(terminal, command.optsWithGlobals()));

  program
    .command('repair')
    .description('mend a folder whose tests fail or that does not parse, without telemetry')
    .addOption(repository)
    .option('--test <command>', 'how its tests are run (default: what the repository says)')
    .option('--budget <time>', 'how long to search, as 60s, 2m or milliseconds', '60s')
    .option('--seed <number>', 'seed of the generated inputs', '1')
    .option('--apply', 'write the best patch into the folder')
    .option('--data <dir>', 'folder where a search that is cut off is kept, to go on (default: selfheal in your cache folder)')
    .option('--unsafe-no-sandbox', 'run the repository’s tests unconfined where no sandbox tool is found')
    .addOption(json)
    .addOption(quiet)
    .action(async (options) => (await import('./commands/repair.ts')).repairCommand(terminal, options));
  command('slo', 'service level objectives: error budgets and how fast they burn')
    .addOption(json)
    .action(async (options) => (await import('./commands/slo.ts')).sloCommand(terminal, options));
  command('baseline [operation]', 'what is expected of operations (* stands for any characters), and how strict the detectors are there')
    .addOption(new Option('--set', 'what the newest telemetry shows is normal from now on').conflicts('reset'))
    .option('--reset', 'forget it; it is learned anew from the next healthy sweep')
    .option('--why <text>', 'why')
    .option('--by <name>', 'who decides')
    .addOption(json)
    .action(async (operation, options) => (await import('./commands/baseline.ts')).baselineCommand(terminal, operation, options));

  const telemetry = program.command('telemetry').description('what the telemetry shows');
  const ofTelemetry = (name: string, about: string) => telemetry.command(name).description(about).addOption(repository).addOption(data);
  ofTelemetry('top', 'operations by load, latency, errors, tested or not, and when they were slow')
    .option('--html <file>', 'write it as one page that needs no network')
    .addOption(json)
    .action(async (options) => (await import('./commands/telemetry-top.ts')).telemetryTopCommand(terminal, options));
  ofTelemetry('errors', 'errors by state: new, regressed, rising, steady, falling, resolved')
    .addOption(json)
    .action(async (options) => (await import('./commands/telemetry-errors.ts')).telemetryErrorsCommand(terminal, options));
  telemetry
    .command('templates <file...>')
    .description('what log files of any format say, by template: the constant part of lines, <*> for variables; - is standard input')
    .option('--content-column <name>', 'the files are CSV; the text of a line is in this column (default: lines with a head of any format)')
    .option('--csv <file>', 'write LineId,EventId,EventTemplate for each line; - is standard output')
    .addOption(quiet)
    .action(async (files, options) =>
      (await import('./commands/telemetry-templates.ts')).telemetryTemplatesCommand(terminal, files, options),
    );
  telemetry
    .command('score <file>')
    .description('an anomaly score for each row of a CSV series (timestamp,value); - is standard input; gzip is read too')
    .option('--csv <file>', 'write timestamp,value,anomaly_score there, and tell the alarms (default: - , standard output)')
    .action(async (file, options) => (await import('./commands/telemetry-score.ts')).telemetryScoreCommand(terminal, file, options));

  telemetry
    .command('diagnose <dir>')
    .description('which service caused a fault: ranked causes with evidence, from OTLP/JSON files or CSV tables of spans, logs and metrics')
    .option('--at <time>', 'when the fault was noticed, as an ISO time (UTC) or epoch (default: found)')
    .addOption(json)
    .action(async (folder, options) =>
      (await import('./commands/telemetry-diagnose.ts')).telemetryDiagnoseCommand(terminal, folder, options),
    );

  const sequence = program.command('sequence').description('sequence documents');
  sequence
    .command('validate <file...>')
    .description('check documents; errors name file, line and column')
    .option('--repo <dir>', 'the repository whose plugins bring handlers (default: only the built-in handlers are known)')
    .action(async (files, options) => (await import('./commands/sequence.ts')).sequenceValidateCommand(terminal, files, options));
  sequence
    .command('run <file>')
    .description('run a document (or a built-in sequence by id)')
    .option('--repo <dir>', 'the repository that it works on (default: a private copy of the project that the document names, else .)')
    .addOption(data)
    .option('--input <json>', 'input as JSON, or @file')
    .addOption(json)
    .action(async (file, options) => (await import('./commands/sequence-run.ts')).sequenceRunCommand(terminal, file, options));
  sequence
    .command('compile <file>')
    .description('write a document, with the sequences that it calls, as a TypeScript project for Temporal')
    .requiredOption('-o, --out <dir>', 'the folder to write; it must be empty, or hold what was compiled before')
    .action(async (file, options) => (await import('./commands/sequence-compile.ts')).sequenceCompileCommand(terminal, file, options));
  sequence
    .command('propose <request>')
    .description('ask a model for a document that does what is said in words; it is checked, and nothing is run')
    .addOption(repository)
    .addOption(data)
    .option('-o, --out <file>', 'write the document there (default: standard output)')
    .addOption(json)
    .action(async (request, options) =>
      (await import('./commands/sequence-propose.ts')).sequenceProposeCommand(terminal, request, options),
    );
  sequence
    .command('test <file>')
    .description('run a document on sample data without side effects: pure handlers run, of others is shown what they would get')
    .requiredOption('--data <sample>', 'JSON, or a file of it: the input, or {"input", "outputs", "decisions", "events"}')
    .option('--repo <dir>', 'the repository whose plugins bring handlers (default: the project that the document names)')
    .addOption(json)
    .action(async (file, options) => (await import('./commands/sequence-test.ts')).sequenceTestCommand(terminal, file, options));
  sequence
    .command('remediation <file>')
    .description('which beats have aiRemediation, and whether what they name is there; with --beat, change what one says')
    .addOption(repository)
    .addOption(data)
    .option('--beat <id>', 'the beat to change')
    .option('--set <json>', 'its aiRemediation, such as {"enabled":true,"maxAiRetries":2,"promptTemplateId":"mine"}')
    .option('--unset', 'take its aiRemediation away')
    .addOption(json)
    .action(async (file, options) =>
      (await import('./commands/sequence-remediation.ts')).sequenceRemediationCommand(terminal, file, options),
    );
  sequence
    .command('capabilities')
    .description('what documents can be made of: forms of beats, operators, handlers with what they take and give, sequences, records')
    .option('--repo <dir>', 'the repository whose plugins bring handlers (default: only the built-in handlers are known)')
    .addOption(json)
    .action(async (options) => (await import('./commands/sequence-propose.ts')).sequenceCapabilitiesCommand(terminal, options));
  sequence
    .command('list')
    .description('sequences that can be run')
    .addOption(repository)
    .action(async (options) => (await import('./commands/sequence.ts')).sequenceListCommand(terminal, options));

  addPromptsCommands(program, terminal);

  const attempts = program
    .command('attempts')
    .description('what was done about beats with aiRemediation that failed, and what models proposed for incidents');
  const ofAttempts = (name: string, about: string) => attempts.command(name).description(about).addOption(repository).addOption(data);
  ofAttempts('list', 'attempts of the last 30 days, newest first')
    .addOption(new Option('--decision <decision>', 'only these').choices(['RETRY', 'FAIL', 'ESCALATE']))
    .addOption(new Option('--result <result>', 'only these').choices(ATTEMPT_RESULTS))
    .option('--sequence <id>', 'only of this sequence')
    .option('--beat <id>', 'only of this beat')
    .option('--workflow <id>', 'only of this run')
    .option('--limit <number>', 'how many', '20')
    .option('--offset <number>', 'how many to leave out first', '0')
    .addOption(json)
    .action(async (options) => (await import('./commands/attempts.ts')).attemptsListCommand(terminal, options));
  ofAttempts('show <id>', 'everything known of one: error, context, prompt, answers, decision, patch, times, cost')
    .addOption(json)
    .action(async (id, options) => (await import('./commands/attempts.ts')).attemptsShowCommand(terminal, id, options));
  ofAttempts('report', 'how attempts ended, who decided, how long models took, what they cost; warns where something is wrong')
    .option('--since <time>', 'how far back, as 7d, 24h or milliseconds', '30d')
    .addOption(json)
    .action(async (options) => (await import('./commands/attempts-report.ts')).attemptsReportCommand(terminal, options));
  ofAttempts('again <id>', 'remediate its failure once more: a new decision, acted on as the first')
    .addOption(json)
    .action(async (id, options) => (await import('./commands/attempts.ts')).attemptsAgainCommand(terminal, id, options));
  ofAttempts('decide <id>', "answer an escalation that waits for a person's decision")
    .addOption(new Option('--decision <decision>', 'run the beat again, or let it fail').choices(['RETRY', 'FAIL']).makeOptionMandatory())
    .requiredOption('--why <text>', 'why')
    .option('--by <name>', 'who decides')
    .action(async (id, options) => (await import('./commands/attempts.ts')).attemptsDecideCommand(terminal, id, options));

  const learn = program.command('learn').description('what was learned');
  learn
    .command('report')
    .description('outcomes, priors, thresholds, calibration')
    .addOption(repository)
    .addOption(data)
    .addOption(json)
    .action(async (options) => (await import('./commands/learn.ts')).learnReportCommand(terminal, options));
  learn
    .command('undo <id>')
    .description('take back one change of what was learned; ids are in the report')
    .requiredOption('--why <text>', 'why')
    .option('--by <name>', 'who undoes it')
    .addOption(repository)
    .addOption(data)
    .addOption(json)
    .action(async (id, options) => (await import('./commands/learn.ts')).learnUndoCommand(terminal, id, options));
  return program;
}
