import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beats, type Plugin, SelfhealError } from '@selfheal/contracts';
import { z } from 'zod';

const fn = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'must be a function');

/** What a plugin must look like; unknown keys are refused so that a misspelt one does not pass unseen. */
const pluginShape = z.strictObject({
  name: z.string().min(1),
  sequences: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).optional(),
  handlers: z.record(z.string(), fn).optional(),
  pureHandlers: z.array(z.string()).optional(),
  readers: z.array(z.object({ name: z.string(), read: fn })).optional(),
  detectors: z
    .array(z.object({ name: z.string(), type: z.enum(['performance', 'behavioral', 'coverage', 'error']), detect: fn }))
    .optional(),
  fixTemplates: z
    .array(
      z.object({ name: z.string(), categories: z.array(z.string()), prior: z.number().min(0).max(1), source: z.string(), propose: fn }),
    )
    .optional(),
  notifiers: z.array(z.object({ name: z.string(), notify: fn })).optional(),
  proposers: z.array(z.object({ name: z.string(), propose: fn })).optional(),
  decisionHandlers: z.record(z.string(), fn).optional(),
});

/**
 * Loads the plugins named in the configuration, from packages or paths relative to the repository (default export, or an export named
 * `plugin`). Fails with PLUGIN_INVALID or PLUGIN_CONFLICT.
 */
export async function loadPlugins(names: readonly string[], root: string): Promise<Plugin[]> {
  const plugins = [];
  for (const name of names) plugins.push(await loadPlugin(name, root));
  refuseConflicts(plugins);
  return plugins;
}

async function loadPlugin(name: string, root: string): Promise<Plugin> {
  const specifier = name.startsWith('.') || isAbsolute(name) ? pathToFileURL(resolve(root, name)).href : importFrom(root, name);
  const module: unknown = await import(specifier).catch((error: unknown) => {
    throw new SelfhealError('PLUGIN_INVALID', `${name} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  return checkPlugin(exported(module), name);
}

/** Checks a plugin's shape; `origin` says where it came from. */
export function checkPlugin(value: unknown, origin: string): Plugin {
  const result = pluginShape.safeParse(value);
  if (!result.success) {
    const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'the export'}: ${issue.message}`);
    throw new SelfhealError('PLUGIN_INVALID', `${origin}: ${issues.join('; ')}`);
  }
  const { handlers = {}, pureHandlers = [] } = result.data;
  const missing = pureHandlers.filter((name) => !Object.hasOwn(handlers, name));
  if (missing.length > 0)
    throw new SelfhealError('PLUGIN_INVALID', `${origin}: pureHandlers names what is none of its handlers: ${missing.join(', ')}`);
  return value as Plugin;
}

function exported(module: unknown): unknown {
  if (typeof module !== 'object' || module === null) return undefined;
  if ('default' in module) return module.default;
  return 'plugin' in module ? module.plugin : undefined;
}

function importFrom(root: string, name: string): string {
  return import.meta.resolve(name, pathToFileURL(`${root}/`).href);
}

/** Refuses two owners of one name, and names of the built-in beats. */
export function refuseConflicts(plugins: readonly Plugin[]): void {
  const owners = new Map<string, string>(Object.keys(beats).map((name) => [`handler ${name}`, 'selfheal']));
  for (const plugin of plugins) {
    for (const key of namesOf(plugin)) {
      const owner = owners.get(key);
      if (owner !== undefined) throw new SelfhealError('PLUGIN_CONFLICT', `${key} is registered by ${owner} and by ${plugin.name}`);
      owners.set(key, plugin.name);
    }
  }
}

function namesOf(plugin: Plugin): string[] {
  return [
    `plugin ${plugin.name}`,
    ...Object.keys(plugin.handlers ?? {}).map((name) => `handler ${name}`),
    ...(plugin.readers ?? []).map((part) => `reader ${part.name}`),
    ...(plugin.detectors ?? []).map((part) => `detector ${part.name}`),
    ...(plugin.fixTemplates ?? []).map((part) => `fix template ${part.name}`),
    ...(plugin.notifiers ?? []).map((part) => `notifier ${part.name}`),
    ...(plugin.proposers ?? []).map((part) => `proposer ${part.name}`),
    ...Object.keys(plugin.decisionHandlers ?? {}).map((name) => `decision handler ${name}`),
  ];
}
