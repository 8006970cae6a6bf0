import { posix } from 'node:path';
import { isRecord } from '../cache/json-shape.ts';
import { Fields, type ImportedBuild, type ImportedRule, ruleOf } from './imported.ts';

/** A project.json, or the `nx` part of a package.json, with the package that it is of. */
export interface NxProject {
  readonly name: string;
  readonly directory: string;
  readonly file: string;
  readonly value: unknown;
}

interface Place {
  readonly name: string | undefined;
  readonly directory: string | undefined;
  readonly named: ReadonlyMap<string, readonly unknown[]>;
  readonly note: (text: string) => void;
}

const WITHOUT_EFFECT = new Set(['metadata', 'parallelism', 'defaultConfiguration', 'configurations', 'syncGenerators']);

/** Reads `targetDefaults` and `namedInputs` of nx.json, and the targets of projects. */
export function importNx(value: unknown, projects: readonly NxProject[]): ImportedBuild {
  const config = new Fields(value);
  const notes: string[] = [];
  const named = new Map(config.entries('namedInputs').map(([name, inputs]) => [name, Array.isArray(inputs) ? inputs : []]));
  const tasks: Record<string, ImportedRule> = {};
  const defaults = new Map(config.entries('targetDefaults'));
  for (const [target, fields] of defaults) {
    const note = (text: string) => void notes.push(`nx.json, targetDefaults.${target}: ${text}`);
    tasks[target] = importTarget(fields, { name: undefined, directory: undefined, named, note });
  }
  for (const { name, directory, file, value: project } of projects) {
    const fields = new Fields(project);
    for (const [target, own] of fields.entries('targets')) {
      const note = (text: string) => void notes.push(`${file}, targets.${target}: ${text}`);
      const inherited = defaults.get(target);
      const merged = isRecord(inherited) && isRecord(own) ? { ...inherited, ...own } : own;
      tasks[`${name}#${target}`] = importTarget(merged, { name, directory, named, note });
    }
    for (const other of fields.texts('implicitDependencies') ?? [])
      notes.push(`${file}: implicitDependencies on "${other}" is not carried over; make it a dependency of the package.json`);
  }
  for (const name of ['plugins', 'tasksRunnerOptions', 'nxCloudId'])
    if (config.get(name) !== undefined) notes.push(`nx.json: "${name}" has no counterpart`);
  return { files: ['nx.json', ...new Set(projects.map(({ file }) => file))], tasks, notes };
}

function importTarget(value: unknown, place: Place): ImportedRule {
  const target = new Fields(value);
  const inputs = target.list('inputs').flatMap((input) => inputOf(input, place));
  const env = target.list('inputs').flatMap((input) => new Fields(input).text('env') ?? []);
  const rule = ruleOf({
    dependsOn: target.list('dependsOn').flatMap((needed) => dependencyOf(needed, place)),
    command: commandOf(target, place),
    inputs,
    outputs: (target.texts('outputs') ?? []).flatMap((path) => outputOf(path, place)),
    env,
    cache: target.flag('cache'),
  });
  for (const field of target.rest) if (!WITHOUT_EFFECT.has(field)) place.note(`"${field}" has no counterpart`);
  return rule;
}

/** `^build`, `build`, or `{ target, projects | dependencies }`. */
function dependencyOf(needed: unknown, { note }: Place): string[] {
  if (typeof needed === 'string') return [needed];
  const fields = new Fields(needed);
  const target = fields.text('target') ?? '';
  const projects = fields.get('projects');
  if (fields.flag('dependencies') === true || projects === 'dependencies') return [`^${target}`];
  if (projects === undefined || projects === 'self') return [target];
  const names = Array.isArray(projects) ? projects : [projects];
  note(`waits for ${target} of ${names.join(', ')} by their names, without patterns`);
  return names.map((name) => `${String(name)}#${target}`);
}

function commandOf(target: Fields, { note, directory }: Place): string | undefined {
  const executor = target.text('executor');
  const options = new Fields(target.get('options'));
  const own = target.text('command') ?? options.text('command');
  const several = options
    .list('commands')
    .flatMap((entry) => (typeof entry === 'string' ? [entry] : (new Fields(entry).text('command') ?? [])));
  const command = own ?? (several.length === 0 ? undefined : several.join(' && '));
  if (command !== undefined) {
    const cwd = options.text('cwd');
    // Nx runs commands at the root of the workspace, a task here in its package.
    const up =
      directory === undefined ? undefined : posix.relative(directory, posix.normalize(cwd?.replace('{projectRoot}', directory) ?? '.'));
    if (up === undefined) note('its command runs in the package, not at the root of the workspace');
    return up === undefined || up === '' ? command : `cd ${up} && ${command}`;
  }
  if (executor === undefined || executor === 'nx:run-script') return undefined;
  note(`the executor ${executor} is not run: give the package a script of this name`);
  return undefined;
}

function inputOf(input: unknown, place: Place): string[] {
  if (typeof input !== 'string') {
    const fields = new Fields(input);
    if (fields.text('env') === undefined) place.note(`the input ${JSON.stringify(input)} is not carried over`);
    return [];
  }
  // What upstream packages are made of is in their keys.
  if (input.startsWith('^') || input === 'default') return [];
  const group = place.named.get(input);
  if (group !== undefined) return group.flatMap((entry) => inputOf(entry, place));
  const [, not = '', path = ''] = /^(!?)(?:\{projectRoot\}\/)?(.*)$/.exec(input) ?? [];
  if (!path.startsWith('{')) return [`${not}${path}`];
  if (path.split('/').length > 2) place.note(`the input ${input} is outside the package, so a change of it is not seen`);
  return [];
}

function outputOf(output: string, place: Place): string[] {
  const { name, directory } = place;
  const path = output
    .replaceAll('{projectName}', name ?? '{projectName}')
    .replace('{workspaceRoot}/', directory === undefined ? '{workspaceRoot}/' : '');
  const within = path.startsWith('{projectRoot}/')
    ? path.slice('{projectRoot}/'.length)
    : directory !== undefined && path.startsWith(`${directory}/`)
      ? path.slice(directory.length + 1)
      : undefined;
  if (within === undefined) {
    place.note(`the output ${output} is outside the package or an option, so it is not kept`);
    return [];
  }
  return /[*?.]/.test(posix.basename(within)) ? [within] : [`${within}/**`];
}
