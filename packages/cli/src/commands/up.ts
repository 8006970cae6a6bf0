import { SelfhealError } from '@selfheal/contracts';
import { createSelfHealing, type SelfHealing } from 'selfheal';
import { createHealView } from '../output/heal-view.ts';
import { styleOf } from '../output/style.ts';
import type { Terminal } from '../terminal.ts';
import { type CommonOptions, type HealOptions, overridesOf, STANDARD_INPUT } from './options.ts';

/** `selfheal up`: runs until a signal, or fails when the engine ends by itself. Runs that a killed process left go on. */
export async function upCommand(terminal: Terminal, source: string | undefined, options: CommonOptions & HealOptions): Promise<void> {
  if (source !== undefined && source !== STANDARD_INPUT)
    throw new SelfhealError('INPUT_INVALID', `${source}: only - (standard input) may stand here; pass files with --logs`);
  const readsInput = source === STANDARD_INPUT || options.logs?.includes(STANDARD_INPUT) === true;
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
    if (healing.otlpUrl !== undefined) terminal.stderr.write(`  OTLP/HTTP: ${healing.otlpUrl}\n`);
    if (healing.project.config.logs.length === 0 && !readsInput)
      terminal.stderr.write('  no logs are configured: pass --logs or set "logs" in selfheal.config.json\n');
    if (healing.uiUrl !== undefined) terminal.stderr.write(`  Temporal UI: ${healing.uiUrl}\n`);
    const failure = await Promise.race([aborted(terminal.signal), healing.failed, readsInput ? readAll(terminal, healing) : NEVER]);
    if (failure !== undefined) throw failure;
    await healing.unwatch();
  } finally {
    off();
    view.close();
    await healing.stop();
  }
}

const NEVER = new Promise<never>(() => undefined);

/** The service goes on when its input has ended; it ends where that cannot be read. */
async function readAll(terminal: Terminal, healing: SelfHealing): Promise<unknown> {
  try {
    const leftOut = await healing.readInput(terminal.stdin, terminal.signal);
    for (const { path, message, code } of leftOut) terminal.stderr.write(`${path}: ${message} [${code}]\n`);
    if (!terminal.signal.aborted) terminal.stderr.write('standard input has ended\n');
  } catch (error) {
    return error;
  }
  return await NEVER;
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
