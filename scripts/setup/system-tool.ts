import { aptInstall, canAptInstall } from './apt-install.ts';
import { findExecutable } from './find-executable.ts';
import type { MachineNeed, SetupContext } from './machine-need.ts';

/** After apt could not get a package, the next starts do not try again for this long; the task `setup` always tries. */
const RETRY_AFTER_MS = 3_600_000;

/** A program of the operating system: how it is found, which Debian packages bring it, and what to tell when it cannot be had. */
export interface SystemTool {
  readonly name: string;
  readonly executables: readonly string[];
  /** Globs of folders to look in besides PATH. */
  readonly folders: readonly string[];
  readonly debianPackages: readonly string[];
  /** One line: what is missing, what that means, how to get it. */
  readonly howToGet: string;
  /** Wraps the installation where the package would do more than install. */
  readonly aroundInstall?: (install: () => Promise<boolean>) => Promise<boolean>;
}

/** Makes a need of a tool: there already, else installed by apt where that is possible. */
export function systemToolNeed(tool: SystemTool): MachineNeed {
  return {
    requiredBy: [],
    async ensure(context) {
      if (isThere(tool, context)) return undefined;
      await installNow(tool, context);
      return isThere(tool, context) ? undefined : tool.howToGet;
    },
  };
}

function isThere(tool: SystemTool, context: SetupContext): boolean {
  return tool.executables.every((name) => findExecutable(name, context.env.PATH, tool.folders) !== undefined);
}

async function installNow(tool: SystemTool, context: SetupContext): Promise<void> {
  const fact = `apt-refused-${tool.debianPackages.join('-')}`;
  if (!canAptInstall(context.env, context.userId)) return;
  if (context.task !== 'setup' && context.memory.recall(fact, RETRY_AFTER_MS) !== undefined) return;
  context.say(`installing ${tool.name} (apt-get) ...`);
  const started = Date.now();
  const install = () => aptInstall(tool.debianPackages, context.env);
  const installed = await (tool.aroundInstall?.(install) ?? install());
  if (installed) context.say(`${tool.name} installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  else context.memory.remember(fact, new Date().toISOString());
}
