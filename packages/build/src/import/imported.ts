import { isRecord } from '../cache/json-shape.ts';

/** A rule of a task as another tool's configuration has it, in our terms. */
export interface ImportedRule {
  dependsOn?: string[];
  command?: string;
  inputs?: string[];
  outputs?: string[];
  env?: string[];
  cache?: boolean;
  timeoutMs?: number;
}

export interface ImportedPackage {
  readonly packageName: string;
  readonly packagePath: string;
  readonly dependencies: readonly string[];
}

/** What was read of another tool's configuration. */
export interface ImportedBuild {
  /** The files it was read from, relative to the root. */
  readonly files: readonly string[];
  readonly tasks: Readonly<Record<string, ImportedRule>>;
  readonly packages?: readonly ImportedPackage[];
  /** What could not be carried over, and what follows from that; each names its place. */
  readonly notes: readonly string[];
}

/** Reads the fields of a value whose shape nobody guarantees. What is of another type counts as absent; `rest` tells what was not read. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(value: unknown) {
    this.#value = isRecord(value) ? value : {};
  }

  get(name: string): unknown {
    this.#read.add(name);
    return this.#value[name];
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    return typeof value === 'boolean' ? value : undefined;
  }

  list(name: string): readonly unknown[] {
    const value = this.get(name);
    return Array.isArray(value) ? value : [];
  }

  texts(name: string): string[] | undefined {
    const value = this.get(name);
    return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined;
  }

  entries(name: string): [string, unknown][] {
    const value = this.get(name);
    return isRecord(value) ? Object.entries(value) : [];
  }

  /** Names of fields that nobody asked for. */
  get rest(): string[] {
    return Object.keys(this.#value).filter((name) => !this.#read.has(name));
  }
}

/** Leaves out what says nothing. */
export function ruleOf(rule: { [Name in keyof ImportedRule]?: ImportedRule[Name] | undefined }): ImportedRule {
  const { dependsOn, command, inputs, outputs, env, cache, timeoutMs } = rule;
  return {
    ...(dependsOn === undefined ? {} : { dependsOn }),
    ...(command === undefined ? {} : { command }),
    ...(inputs === undefined || inputs.length === 0 ? {} : { inputs }),
    ...(outputs === undefined || outputs.length === 0 ? {} : { outputs }),
    ...(env === undefined || env.length === 0 ? {} : { env }),
    ...(cache === undefined ? {} : { cache }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
