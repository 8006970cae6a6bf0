import type { TelemetryEvent } from '@selfheal/contracts';
import { BODY, PLAIN, VARIABLES } from './event-columns.ts';

/** Texts of a column that are held once, however many events have them; a column with more is one of different texts. */
const MAX_SHARED = 1_000;

/** Makes events of the rows of a query. Texts that repeat are shared by the events: a window of them takes a third of the memory then. */
export class EventRows<F extends keyof TelemetryEvent> {
  readonly #names: readonly string[];
  /** All where undefined. */
  readonly #fields: ReadonlySet<string> | undefined;
  readonly #shared: Map<string, string>[];

  constructor(names: readonly string[], fields: readonly F[] | undefined) {
    this.#names = names;
    this.#fields = fields === undefined ? undefined : new Set(fields);
    this.#shared = names.map(() => new Map());
  }

  /** `columns` in the order of the names. */
  read(columns: readonly (readonly unknown[])[], rows: number): Pick<TelemetryEvent, F>[] {
    return Array.from({ length: rows }, (_, row) => this.#event(columns, row));
  }

  #event(columns: readonly (readonly unknown[])[], row: number): Pick<TelemetryEvent, F> {
    const event: Record<string, unknown> = {};
    let body = '{}';
    for (let index = 0; index < this.#names.length; index += 1) {
      const name = this.#names[index] ?? '';
      const value = columns[index]?.[row];
      if (value === null || value === undefined) continue;
      if (name === BODY) body = String(value);
      else if (name === VARIABLES) event[name] = JSON.parse(String(value));
      else if (PLAIN.has(name)) event[name] = typeof value === 'string' ? this.#share(index, value) : value;
    }
    return Object.assign(event, this.#wanted(body));
  }

  #wanted(body: string): Pick<TelemetryEvent, F> {
    const fields = JSON.parse(body);
    if (this.#fields !== undefined) for (const name of Object.keys(fields)) if (!this.#fields.has(name)) delete fields[name];
    return fields;
  }

  #share(index: number, text: string): string {
    const shared = this.#shared[index];
    if (shared === undefined || shared.size > MAX_SHARED) return text;
    const known = shared.get(text);
    if (known === undefined) shared.set(text, text);
    return known ?? text;
  }
}
