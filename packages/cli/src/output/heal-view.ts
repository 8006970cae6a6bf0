import { Listr, type ListrTaskWrapper } from 'listr2';
import type { SelfHealing, SelfHealingEvents } from 'selfheal';
import type { Terminal } from '../terminal.ts';
import { duration, styleOf } from './style.ts';

type HealState = SelfHealingEvents['state'][0];

/** Shows a heal while it runs. */
export interface HealView {
  /** Runs one phase under a title; `outcome` makes its closing words. */
  phase<T>(title: string, work: () => Promise<T>, outcome: (result: T) => string): Promise<T>;
  close(): void;
}

const STAGE_WORDS: Readonly<Record<HealState['stage'], string>> = {
  diagnose: 'finding the cause',
  fix: 'writing a fix and its test',
  validate: 'proving both in the sandbox',
  review: 'waits for review',
  deploy: 'merging, deploying, verifying',
  learn: 'learning',
  done: 'done',
};

/** A live task list on a terminal, plain lines elsewhere, nothing when quiet or when JSON goes to standard output. */
export function createHealView(terminal: Terminal, healing: SelfHealing, options: { quiet?: boolean; json?: string }): HealView {
  if (options.quiet === true || options.json === '-') return { phase: (_title, work) => work(), close: () => undefined };
  return terminal.stderr.isTTY === true && terminal.env.CI === undefined ? liveView(terminal, healing) : plainView(terminal, healing);
}

/** The first phase of every command that runs workflows. */
export function startEngine(view: HealView, healing: SelfHealing): Promise<void> {
  return view.phase(
    'Starting the engine',
    () => healing.start(),
    () => (healing.ownsEngine === true ? 'ready' : 'another process runs it'),
  );
}

function plainView(terminal: Terminal, healing: SelfHealing): HealView {
  const style = styleOf(terminal);
  const line = (text: string) => terminal.stderr.write(`${style.dim(new Date().toISOString().slice(11, 19))} ${text}\n`);
  const off = [
    healing.on('state', (state) => line(describe(state))),
    healing.on('beat', (run) => {
      if (run.outcome === 'error')
        line(style.yellow(`  ${run.sequence} · ${run.handler} failed (attempt ${run.attempt}): ${run.error?.split('\n')[0] ?? ''}`));
    }),
    healing.on('notice', (text) => line(text)),
    healing.on('step', (text) => line(text)),
  ];
  return {
    phase: async (title, work, outcome) => {
      const started = performance.now();
      line(`${title} …`);
      const result = await work();
      line(`${style.green('✔')} ${title}: ${outcome(result)} ${style.dim(`(${duration(performance.now() - started)})`)}`);
      return result;
    },
    close: () => {
      for (const stop of off) stop();
    },
  };
}

function liveView(terminal: Terminal, healing: SelfHealing): HealView {
  const style = styleOf(terminal);
  let task: ListrTaskWrapper<unknown, never, never> | undefined;
  const shown = new Map<string, string>();
  let beat = '';
  const draw = () => {
    if (task !== undefined) task.output = [...shown.values(), beat].filter((text) => text !== '').join('\n');
  };
  const off = [
    healing.on('state', (state) => {
      shown.set(state.incidentId, describe(state));
      draw();
    }),
    healing.on('beat', (run) => {
      beat = style.dim(`${run.sequence} · ${run.handler} ${duration(run.durationMs)}`);
      draw();
    }),
    healing.on('notice', (text) => {
      beat = text;
      draw();
    }),
  ];
  return {
    phase: async (title, work, outcome) => {
      let result: Awaited<ReturnType<typeof work>> | undefined;
      const started = performance.now();
      await new Listr(
        [
          {
            title,
            task: async (_context, current) => {
              task = current as ListrTaskWrapper<unknown, never, never>;
              result = await work();
              current.title = `${title}: ${outcome(result)} ${style.dim(`(${duration(performance.now() - started)})`)}`;
            },
            rendererOptions: { outputBar: Number.POSITIVE_INFINITY, persistentOutput: true },
          },
        ],
        { renderer: 'default' },
      ).run();
      task = undefined;
      if (result === undefined) throw new TypeError('the phase ended without a result');
      return result;
    },
    close: () => {
      for (const stop of off) stop();
    },
  };
}

function describe(state: HealState): string {
  const attempt = state.attempt > 1 ? ` (candidate ${state.attempt})` : '';
  const words = state.stage === 'done' ? `${state.status}: ${state.summary}` : `${STAGE_WORDS[state.stage]}${attempt}`;
  return `[${state.type}] ${state.title} — ${words}`;
}
