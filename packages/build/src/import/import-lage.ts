import { isRecord } from '../cache/json-shape.ts';
import { Fields, type ImportedBuild, type ImportedRule, ruleOf } from './imported.ts';

/** Only how lage shows or orders things: the longest chain goes first here. */
const WITHOUT_EFFECT = new Set(['priority', 'weight', 'maxWorkers', 'type', 'options']);

/** Reads lage.config.js, once loaded. */
export function importLage(value: unknown, file: string): ImportedBuild {
  const config = new Fields(value);
  const notes: string[] = [];
  const cache = new Fields(config.get('cacheOptions'));
  const outputs = cache.texts('outputGlob');
  for (const path of cache.texts('environmentGlob') ?? [])
    if (path.includes('/')) notes.push(`${file}, environmentGlob: "${path}" is not at the root, so a change of it is not seen`);
  const tasks: Record<string, ImportedRule> = {};
  for (const [name, task] of config.entries('pipeline')) {
    const rule = importTask(task, outputs, (note) => notes.push(`${file}, ${name}: ${note}`));
    if (name.startsWith('#') || name.startsWith('//#'))
      notes.push(`${file}, ${name}: left out, because the root is no package of the workspace`);
    else tasks[name] = rule;
  }
  for (const name of [...config.rest, ...cache.rest.map((field) => `cacheOptions.${field}`)])
    if (name !== 'npmClient' && name !== 'concurrency') notes.push(`${file}: "${name}" has no counterpart`);
  return { files: [file], tasks, notes };
}

/** A task is a list of dependencies, or an object with one. */
function importTask(task: unknown, outputs: string[] | undefined, note: (text: string) => void): ImportedRule {
  const fields = new Fields(isRecord(task) ? task : { dependsOn: task });
  const dependsOn = (fields.texts('dependsOn') ?? fields.texts('deps') ?? []).map((needed) => {
    if (!needed.startsWith('^^')) return needed;
    note(`"${needed}" waits for direct dependencies only`);
    return needed.slice(1);
  });
  const rule = ruleOf({
    dependsOn,
    inputs: fields.texts('inputs'),
    outputs: fields.texts('outputs') ?? outputs,
    env: fields.texts('environment'),
    cache: fields.flag('cache'),
  });
  if (fields.text('type') === 'worker') note('a worker of lage is not started; the script of the package is run');
  for (const field of fields.rest) if (!WITHOUT_EFFECT.has(field)) note(`"${field}" has no counterpart`);
  return rule;
}
