import { Readable, Writable } from 'node:stream';
import { createProgram } from '@selfheal/cli';
import type { Command, Option } from 'commander';
import { code, page, table } from './markdown.ts';

const EXIT_CODES = [
  [
    '0',
    'at least one incident was healed (merged on the default branch, and deployed where a deploy command is set); with `--stop-after`: that stage was reached',
  ],
  ['1', 'the run itself failed'],
  ['2', 'the telemetry is healthy (findings alone included)'],
  ['3', 'a validated fix waits for review'],
  ['4', 'an incident, but no validated fix'],
];

/** Every command with its arguments and options. */
export function commandPage(): string {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const program = createProgram({
    signal: new AbortController().signal,
    env: {},
    stdin: Readable.from([]),
    stdout: silent,
    stderr: silent,
  });
  return page('The command', 'packages/cli/src/program.ts', [
    `${program.description()}.`,
    '## Exit codes of `heal` and `approve`',
    `${table(['code', 'meaning'], EXIT_CODES)}\n\nWhere several incidents end differently: 1 before 0 before 3 before 4 before 2.`,
    ...program.commands.flatMap((command) => commandParts(command, program.name())),
    '## Environment',
    table(['variable', 'meaning'], ENVIRONMENT),
  ]);
}

const ENVIRONMENT = [
  [
    '`TEMPORAL_ADDRESS`',
    'use this Temporal cluster instead of the embedded server; beside it `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS`, `TEMPORAL_TLS_SERVER_CA_CERT_PATH`, `TEMPORAL_TLS_CLIENT_CERT_PATH`, `TEMPORAL_TLS_CLIENT_KEY_PATH`, `TEMPORAL_TLS_SERVER_NAME`',
  ],
  ['`DATABASE_URL`', 'keep the records in this PostgreSQL database instead of SQLite'],
  ['`SELFHEAL_TEMPORAL_BIN`', 'the `temporal` program to run the embedded server with'],
  ['`SELFHEAL_CACHE`', 'where a fetched Temporal program, compiled modules and workflow code are kept (default ~/.cache/selfheal)'],
  ['`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`', 'send one trace for each heal there'],
  ['`SELFHEAL_DEBUG`', 'print stack traces of unexpected errors'],
  ['`NO_COLOR`, `CI`', 'no colours; no live task list'],
];

function commandParts(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  const inner = command.commands.flatMap((one) => commandParts(one, name));
  // A group does nothing itself.
  if (inner.length > 0 && command.registeredArguments.length === 0) return inner;
  const call = [
    name,
    ...command.registeredArguments.map((argument) => argumentText(argument.name(), argument.required, argument.variadic)),
  ];
  const parts = [`## ${call.join(' ')}`, `${sentence(command.description())}`];
  if (command.options.length === 0) return [...parts, ...inner];
  return [...parts, table(['option', 'meaning', 'default'], command.options.map(optionRow)), ...inner];
}

function argumentText(name: string, required: boolean, variadic: boolean): string {
  const text = `${name}${variadic ? '...' : ''}`;
  return required ? `<${text}>` : `[${text}]`;
}

function optionRow(option: Option): string[] {
  const choices = option.argChoices === undefined ? '' : ` (${option.argChoices.join(', ')})`;
  const fallback: unknown = option.defaultValue;
  return [
    code(option.flags),
    `${option.description}${choices}${option.mandatory ? '; required' : ''}`,
    fallback === undefined ? '' : code(String(fallback)),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
