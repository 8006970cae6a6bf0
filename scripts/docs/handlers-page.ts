import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BeatContract, EXTRA_BEATS, sequences } from '@selfheal/contracts';
import { contractSchema, NAMED_TYPES } from './contract-types.ts';
import { type Field, fieldsOf } from './json-schema.ts';
import { anchor, code, page, table } from './markdown.ts';

interface DocumentBeat {
  readonly handler?: string;
  readonly event?: string;
  readonly timing?: string;
  readonly [form: string]: unknown;
}

const WHERE: Readonly<Record<string, string>> = {
  'pure short': 'local activity',
  'pure long': 'activity, worker thread',
  'stage-crew long': 'activity',
};

/** Every beat of the seven sequences: what it takes, what it gives, where it runs. */
export function handlersPage(root: string): string {
  const count = Object.values(sequences).reduce((sum, beats) => sum + Object.keys(beats).length, 0);
  const extra = EXTRA_BEATS.map(code).join(' and ');
  const intro = `${count} handlers in seven sequences (${extra} are the two beyond the 67 that were asked for, see [decision 1](../decisions/001-extra-beats.md)). A \`pure\` handler computes on its input alone; a \`stage-crew\` handler gets its I/O as ports in a second argument. Types with a capital letter are in [types.md](types.md), \`int\` is a whole number, times are epoch milliseconds. Fields over 4 KB travel as references that are resolved before a handler is called ([decision 3](../decisions/003-claim-check.md)).`;
  const list = Object.keys(sequences).map((id) => `- [${id}](#${anchor(id)})`);
  return page('Handlers', 'the contracts in packages/contracts/src/beats and the documents in json-sequences', [
    intro,
    list.join('\n'),
    ...Object.entries(sequences).flatMap(([id, beats]) => sequenceParts(root, id, beats)),
  ]);
}

function sequenceParts(root: string, id: string, beats: Readonly<Record<string, BeatContract>>): string[] {
  const document: { description?: string } = JSON.parse(readFileSync(join(root, 'json-sequences', `${id}.json`), 'utf8'));
  const inDocument = new Map(documentBeats(document).map((beat) => [beat.handler, beat]));
  const overview = Object.entries(beats).map(([name, contract]) => [
    `[${name}](#${anchor(name)})`,
    contract.kind,
    inDocument.get(name)?.timing ?? '',
    WHERE[`${contract.kind} ${contract.cost}`] ?? '',
    code(inDocument.get(name)?.event ?? ''),
  ]);
  return [
    `## ${id}`,
    document.description ?? '',
    `Document: [json-sequences/${id}.json](../../json-sequences/${id}.json).`,
    table(['beat', 'kind', 'timing', 'runs as', 'event'], overview),
    ...Object.entries(beats).flatMap(([name, contract]) => beatParts(id, name, contract)),
  ];
}

function beatParts(sequence: string, name: string, contract: BeatContract): string[] {
  return [
    `### ${name}`,
    `[handlers/${sequence}/${name}.ts](../../handlers/${sequence}/${name}.ts)`,
    fieldTable('takes', fieldsOf(contractSchema(contract.input))),
    fieldTable('gives', fieldsOf(contractSchema(contract.output))),
  ];
}

function fieldTable(title: string, fields: readonly Field[]): string {
  return table(
    [title, 'type'],
    fields.map(({ name, optional, type }) => [code(optional ? `${name}?` : name), linked(type)]),
  );
}

/** The type as code, followed by links to the named types in it. */
function linked(type: string): string {
  const named = [...new Set(type.match(/\b[A-Z]\w*/g) ?? [])].filter((name) => NAMED_TYPES.has(name));
  const links = named.map((name) => `[${name}](types.md#${anchor(name)})`);
  return links.length === 0 ? code(type) : `${code(type)} (${links.join(', ')})`;
}

/** All beats of a document, also those within other forms. */
function documentBeats(value: unknown): DocumentBeat[] {
  if (Array.isArray(value)) return value.flatMap(documentBeats);
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(documentBeats);
  return 'handler' in value && typeof value.handler === 'string' ? [value as DocumentBeat, ...inner] : inner;
}
