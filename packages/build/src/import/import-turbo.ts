import { Fields, type ImportedBuild, type ImportedRule, ruleOf } from './imported.ts';

/** The package's own files, as turbo takes them by default: ours, too. */
const DEFAULT_INPUTS = '$TURBO_DEFAULT$';
/** Only how turbo shows things, or what has no meaning without it. */
const WITHOUT_EFFECT = new Set(['outputLogs', 'description', 'interruptible']);

/** Reads turbo.json, of version 1 (`pipeline`) or 2 (`tasks`). */
export function importTurbo(value: unknown, file: string): ImportedBuild {
  const config = new Fields(value);
  const notes: string[] = [];
  const globalEnv = [...(config.texts('globalEnv') ?? []), ...(config.texts('globalPassThroughEnv') ?? [])];
  for (const path of config.texts('globalDependencies') ?? []) {
    if (path.includes('/')) notes.push(`${file}, globalDependencies: "${path}" is not at the root, so a change of it is not seen`);
  }
  const tasks: Record<string, ImportedRule> = {};
  for (const [name, task] of [...config.entries('pipeline'), ...config.entries('tasks')]) {
    const rule = importTask(name, new Fields(task), globalEnv, (note) => notes.push(`${file}, ${name}: ${note}`));
    if (rule !== undefined) tasks[name] = rule;
  }
  config.get('$schema');
  for (const name of config.rest) notes.push(`${file}: "${name}" has no counterpart`);
  return { files: [file], tasks, notes };
}

function importTask(name: string, task: Fields, globalEnv: readonly string[], note: (text: string) => void): ImportedRule | undefined {
  if (name.startsWith('//#')) {
    note('tasks of the root are left out: it is no package of the workspace');
    return undefined;
  }
  if (task.flag('persistent') === true) {
    note('left out, because it never ends (persistent)');
    return undefined;
  }
  const rule = ruleOf({
    dependsOn: dependenciesOf(task, note),
    inputs: inputsOf(task),
    outputs: task.texts('outputs'),
    env: [...new Set([...globalEnv, ...(task.texts('env') ?? []), ...passedThrough(task, note), ...variablesOf(task)])].filter(
      isPositive(note),
    ),
    cache: task.flag('cache'),
  });
  for (const field of task.rest) if (!WITHOUT_EFFECT.has(field)) note(`"${field}" has no counterpart`);
  return rule;
}

/** Nothing is depended on but what is named: that is turbo's default. */
function dependenciesOf(task: Fields, note: (text: string) => void): string[] {
  return (task.texts('dependsOn') ?? []).filter((needed) => {
    if (needed.startsWith('$')) return false;
    if (!needed.startsWith('//#')) return true;
    note(`does not wait for ${needed}: the root is no package of the workspace`);
    return false;
  });
}

/** Version 1 named variables among the dependencies. */
function variablesOf(task: Fields): string[] {
  return (task.texts('dependsOn') ?? []).filter((needed) => needed.startsWith('$')).map((needed) => needed.slice(1));
}

function inputsOf(task: Fields): string[] | undefined {
  const inputs = task.texts('inputs');
  if (inputs?.includes(DEFAULT_INPUTS) !== true) return inputs;
  // What is added to the default is in it, unless git ignores it; what is taken from it is taken from ours.
  return inputs.filter((glob) => glob.startsWith('!'));
}

function passedThrough(task: Fields, note: (text: string) => void): string[] {
  const names = task.texts('passThroughEnv') ?? [];
  if (names.length > 0) note(`a change of ${names.join(', ')} builds again: every variable that a command gets is an input`);
  return names;
}

function isPositive(note: (text: string) => void): (name: string) => boolean {
  return (name) => {
    if (name.startsWith('!')) note(`the variable ${name} cannot be taken out`);
    return !name.startsWith('!');
  };
}
