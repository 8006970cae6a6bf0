import { createSelfHealing } from 'selfheal';
import { createHealView } from '../output/heal-view.ts';
import { styleOf } from '../output/style.ts';
import type { Terminal } from '../terminal.ts';
import { type CommonOptions, type HealOptions, overridesOf } from './options.ts';

/** `selfheal up`: runs until a signal, or fails when the engine ends by itself. Runs that a killed process left go on. */
export async function upCommand(terminal: Terminal, options: CommonOptions & HealOptions): Promise<void> {
  const started = performance.now();
  const style = styleOf(terminal);
  const healing = await createSelfHealing({
    repo: options.repo,
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    config: overridesOf(options),
    env: terminal.env,
    exclusive: true,
  });
  // A service prints plain lines: what it does next cannot be known when a task list would be drawn.
  const view = createHealView({ ...terminal, stderr: plain(terminal.stderr) }, healing, options);
  const off = healing.on('incident', (incident) =>
    terminal.stderr.write(
      `incident ${incident.id} [${incident.type}] ${incident.title}: ${incident.status}${incident.reason === undefined ? '' : ` — ${incident.reason}`}\n`,
    ),
  );
  try {
    await healing.start();
    await healing.watch();
    terminal.stderr.write(
      `${style.green('✔')} selfheal watches ${healing.project.root} (ready in ${Math.round(performance.now() - started)} ms)\n`,
    );
    if (healing.project.config.logs.length === 0)
      terminal.stderr.write('  no logs are configured: pass --logs or set "logs" in selfheal.config.json\n');
    if (healing.uiUrl !== undefined) terminal.stderr.write(`  Temporal UI: ${healing.uiUrl}\n`);
    const failure = await Promise.race([aborted(terminal.signal), healing.failed]);
    if (failure !== undefined) throw failure;
    await healing.unwatch();
  } finally {
    off();
    view.close();
    await healing.stop();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function plain(stream: Terminal['stderr']): Terminal['stderr'] {
  return new Proxy(stream, {
    get: (target, key) => {
      if (key === 'isTTY') return false;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
