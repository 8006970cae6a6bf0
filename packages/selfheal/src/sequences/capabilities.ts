import { type BeatKind, beatContract, type Plugin, recordSchemas, sequences } from '@selfheal/contracts';
import { OPERATORS, type Operator, type SequencePlan, sequenceJsonSchema } from '@selfheal/sequences';
import { typeText } from './type-text.ts';

/** What sequences can be made of, for models and for other tools; made from the contracts and the handlers, so that it cannot go stale. */
export interface Capabilities {
  /** Records that handlers read and write. */
  readonly entities: readonly { readonly name: string; readonly fields: string }[];
  /** Of conditions. */
  readonly operators: readonly { readonly name: Operator; readonly holds: string }[];
  /** Forms of beats. */
  readonly actions: readonly { readonly form: string; readonly about: string; readonly fields: Readonly<Record<string, string>> }[];
  readonly handlers: readonly HandlerCapability[];
  /** Sequences that a beat may call. */
  readonly sequences: readonly { readonly id: string; readonly about: string }[];
}

export interface HandlerCapability {
  readonly name: string;
  readonly kind: BeatKind;
  /** The sequence that it belongs to, or the plugin that brings it. */
  readonly of: string;
  /** Types of input and output; absent for handlers of plugins, which take and give any JSON. */
  readonly takes?: string;
  readonly gives?: string;
}

const HOLDS: Readonly<Record<Operator, string>> = {
  eq: 'the field equals the value',
  neq: 'it does not',
  gt: 'it is greater',
  gte: 'it is greater or equal',
  lt: 'it is less',
  lte: 'it is less or equal',
  in: 'it is one of the list',
  contains: 'it holds the value: a list an item, a text a part',
  regex: 'it matches the pattern',
  exists: 'it is there, or with the value false is not',
};

export function capabilitiesOf(plugins: readonly Plugin[], plans: readonly SequencePlan[]): Capabilities {
  return {
    entities: Object.entries(recordSchemas).map(([name, schema]) => ({ name, fields: typeText(schema, 1) })),
    operators: OPERATORS.map((name) => ({ name, holds: HOLDS[name] })),
    actions: actions(),
    handlers: [...ownHandlers(), ...plugins.flatMap(pluginHandlers)],
    sequences: plans.map(({ id, name, description }) => ({ id, about: description ?? name })),
  };
}

/** As text, a line for each: what a prompt holds. */
export function capabilitiesText({ actions, entities, handlers, operators, sequences }: Capabilities): string {
  return [
    '# Forms of beats',
    ...actions.map(({ form, about, fields }) => `- ${form}: ${about} Fields: ${fieldsText(fields)}`),
    '# Operators of conditions, which are { "field": path, "operator", "value" }, with "and", "or", "not"',
    ...operators.map(({ name, holds }) => `- ${name}: ${holds}`),
    '# Handlers; there are no others',
    ...handlers.map(
      ({ name, kind, of, takes, gives }) => `- ${name} (${kind}, of ${of})${takes === undefined ? '' : ` takes ${takes} gives ${gives}`}`,
    ),
    '# Sequences that a beat may call',
    ...sequences.map(({ id, about }) => `- ${id}: ${about}`),
    '# Records',
    ...entities.map(({ name, fields }) => `- ${name} ${fields}`),
  ].join('\n');
}

function actions(): Capabilities['actions'] {
  const { $defs } = sequenceJsonSchema();
  return Object.entries(asRecord($defs)).flatMap(([name, definition]) => {
    const { description, properties } = asRecord(definition);
    if (!name.endsWith('Beat') || typeof description !== 'string') return [];
    const fields = Object.entries(asRecord(properties)).map(([field, schema]) => [field, aboutField(asRecord(schema))] as const);
    return [{ form: name.slice(0, -'Beat'.length), about: description, fields: Object.fromEntries(fields) }];
  });
}

function aboutField({ description, type, enum: values }: Record<string, unknown>): string {
  if (Array.isArray(values)) return values.join(' | ');
  return typeof description === 'string' ? description : typeof type === 'string' ? type : 'see the examples';
}

function fieldsText(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, about]) => `${name} (${about})`)
    .join('; ');
}

function ownHandlers(): HandlerCapability[] {
  return Object.entries(sequences).flatMap(([sequence, contracts]) =>
    Object.keys(contracts).flatMap((name): HandlerCapability[] => {
      const contract = beatContract(name);
      if (contract === undefined) return [];
      return [{ name, kind: contract.kind, of: sequence, takes: typeText(contract.input, 1), gives: typeText(contract.output, 1) }];
    }),
  );
}

function pluginHandlers({ name: plugin, handlers = {}, pureHandlers = [] }: Plugin): HandlerCapability[] {
  return Object.keys(handlers).map((name) => ({ name, kind: pureHandlers.includes(name) ? 'pure' : 'stage-crew', of: `plugin ${plugin}` }));
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
