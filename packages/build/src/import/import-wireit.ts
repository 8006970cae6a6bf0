import { posix } from 'node:path';
import { isRecord } from '../cache/json-shape.ts';
import { Fields, type ImportedBuild, type ImportedRule, ruleOf } from './imported.ts';

/** A package.json with the folder that it is in. */
export interface ManifestAt {
  readonly name: string;
  readonly directory: string;
  readonly manifest: unknown;
}

/** Reads the `wireit` part of the manifests of a workspace: a rule for each script of each package. */
export function importWireit(manifests: readonly ManifestAt[]): ImportedBuild {
  const names = new Map(manifests.map(({ name, directory }) => [directory, name]));
  const notes: string[] = [];
  const files: string[] = [];
  const tasks: Record<string, ImportedRule> = {};
  for (const { name, directory, manifest } of manifests) {
    const scripts = new Fields(manifest).entries('wireit');
    const file = posix.join(directory, 'package.json');
    if (scripts.length > 0) files.push(file);
    for (const [script, value] of scripts) {
      const note = (text: string) => void notes.push(`${file}, ${script}: ${text}`);
      const rule = importScript(name, directory, new Fields(value), names, note);
      if (rule !== undefined) tasks[`${name}#${script}`] = rule;
    }
  }
  return { files, tasks, notes };
}

function importScript(
  name: string,
  directory: string,
  script: Fields,
  names: ReadonlyMap<string, string>,
  note: (text: string) => void,
): ImportedRule | undefined {
  if (script.get('service') === true || isRecord(script.get('service'))) {
    note('left out, because it never ends (service)');
    return undefined;
  }
  const dependsOn = script.list('dependencies').flatMap((entry) => {
    const needed = typeof entry === 'string' ? entry : (new Fields(entry).text('script') ?? '');
    if (isRecord(entry) && entry.cascade === false) note(`a change of ${needed} builds again: there is no cascade: false`);
    return dependencyOf(needed, name, directory, names, note);
  });
  const env = script.entries('env');
  const external = env.filter(([, value]) => isRecord(value) && value.external === true).map(([variable]) => variable);
  const rule = ruleOf({
    dependsOn,
    // A script without a command only stands for what it depends on.
    command: [...env.flatMap(assignment), script.text('command') ?? 'true'].join(' '),
    inputs: script.texts('files'),
    outputs: script.texts('output'),
    env: external,
  });
  for (const field of script.rest) if (field !== 'clean') note(`"${field}" has no counterpart`);
  return rule;
}

/** `script`, `../folder:script` or `$WORKSPACES:script`. */
function dependencyOf(needed: string, name: string, directory: string, names: ReadonlyMap<string, string>, note: (text: string) => void) {
  const at = needed.lastIndexOf(':');
  if (!/^(?:\.|\$|<)/.test(needed) || at < 0) return [`${name}#${needed}`];
  const folder = posix.normalize(posix.join(directory, needed.slice(0, at))).replace(/\/$/, '');
  const other = names.get(folder);
  if (other !== undefined) return [`${other}#${needed.slice(at + 1)}`];
  note(`does not wait for ${needed}: no package of the workspace is there`);
  return [];
}

function assignment([variable, value]: [string, unknown]): string[] {
  return typeof value === 'string' ? [`${variable}='${value.replaceAll("'", "'\\''")}'`] : [];
}
