import { type BuildEvent, type BuildProgress, githubAnnotations, readDiagnostics, type TaskPlan } from 'selfheal/build';
import type { Terminal } from '../terminal.ts';
import { LiveLines } from './live-lines.ts';
import { duration, type Style, styleOf } from './style.ts';

/** Which output of tasks is shown: that of failed ones, of each when it has ended, or of all as it comes. */
export type LogOutput = 'failed' | 'grouped' | 'interleaved';

export interface BuildView {
  readonly onPlan: (plan: TaskPlan) => void;
  readonly onEvent: (event: BuildEvent, progress: () => BuildProgress) => void;
  readonly onNotice: (line: string) => void;
  close(): void;
}

type Ended = Extract<BuildEvent, { kind: 'ended' }>;

const REDRAW_MS = 100;
/** What is left is worked out by playing the rest of the build through: between two times it only counts down. */
const ESTIMATE_MS = 1_000;
const MOST_RUNNING = 12;
const WIDTH = 78;

/** Shows a build on standard error: a live list on a terminal, else a line for each task that was run; nothing where it is to be quiet. */
export function createBuildView(terminal: Terminal, options: { output: LogOutput; quiet?: boolean }): BuildView {
  const { env, stderr } = terminal;
  const style = styleOf(terminal);
  const live = stderr.isTTY === true && env.CI === undefined && options.quiet !== true ? new LiveLines(stderr) : undefined;
  const onGithub = env.GITHUB_ACTIONS === 'true';
  let plan: TaskPlan | undefined;
  let current: (() => BuildProgress) | undefined;
  const print = (text: string): void => {
    if (live === undefined) stderr.write(text);
    else live.print(text);
  };
  let estimated: { readonly at: number; readonly leftMs: number | undefined } | undefined;
  const redraw = (): void => {
    if (current === undefined) return;
    const progress = current();
    const now = Date.now();
    if (estimated === undefined || now - estimated.at >= ESTIMATE_MS) estimated = { at: now, leftMs: progress.leftMs() };
    const { at, leftMs } = estimated;
    live?.draw(statusLines(progress, leftMs === undefined ? undefined : Math.max(0, leftMs - (now - at)), style));
  };
  const timer = live === undefined ? undefined : setInterval(redraw, REDRAW_MS);

  const onEnded = ({ result, log }: Ended, progress: () => BuildProgress): void => {
    const wanted = result.state === 'failed' || options.output === 'grouped';
    if (options.quiet !== true && result.state !== 'cached') print(`${endedLine(result, progress().counts, style)}\n`);
    if (options.quiet !== true && options.output !== 'interleaved' && wanted && log !== '')
      print(onGithub ? `::group::${result.id}\n${log}::endgroup::\n` : indented(log, style));
    if (!onGithub || result.state !== 'failed') return;
    const directory = plan?.tasks.get(result.id)?.directory ?? '.';
    const failed = { id: result.id, directory, error: result.error ?? '', diagnostics: readDiagnostics(log) };
    print(
      githubAnnotations(failed)
        .map((line) => `${line}\n`)
        .join(''),
    );
  };
  return {
    onPlan: (made) => {
      plan = made;
    },
    onEvent: (event, progress) => {
      current = progress;
      if (event.kind === 'ended') onEnded(event, progress);
      if (event.kind === 'line') print(`${style.dim(`${event.id}:`)} ${event.line}\n`);
    },
    onNotice: (line) => {
      if (options.quiet !== true) print(`${style.yellow(line)}\n`);
    },
    close: () => {
      clearInterval(timer);
      live?.draw([]);
    },
  };
}

function statusLines({ counts, running }: BuildProgress, leftMs: number | undefined, style: Style): string[] {
  const { ready, waiting, blocked, done, cached, failed } = counts;
  const words = [
    `${running.length} running`,
    `${ready} ready`,
    `${waiting} waiting`,
    `${done} built`,
    `${cached} cached`,
    ...(failed === 0 ? [] : [style.red(`${failed} failed`)]),
    ...(blocked === 0 ? [] : [style.yellow(`${blocked} blocked`)]),
    ...(leftMs === undefined ? [] : [`about ${duration(leftMs)} left`]),
  ];
  const shown = running.slice(0, MOST_RUNNING).map(({ id, ranMs }) => `  ${style.cyan('▸')} ${cut(id)} ${style.dim(duration(ranMs))}`);
  const more = running.length > MOST_RUNNING ? [style.dim(`  and ${running.length - MOST_RUNNING} more`)] : [];
  return [...shown, ...more, words.join(' · ')];
}

function endedLine(
  { id, state, startedMs = 0, endedMs = 0, blockedBy }: Ended['result'],
  counts: BuildProgress['counts'],
  style: Style,
): string {
  const { done, cached, failed, blocked, cancelled, waiting, ready, running } = counts;
  const ended = done + cached + failed + blocked + cancelled;
  const share = style.dim(`${ended}/${ended + waiting + ready + running}`);
  const took = style.dim(duration(endedMs - startedMs));
  if (state === 'blocked') return `${style.yellow('–')} ${id} needs ${blockedBy.join(', ')} ${share}`;
  if (state === 'failed') return `${style.red('✖')} ${id} ${took} ${share}`;
  return `${state === 'cancelled' ? style.yellow('– cancelled') : style.green('✔')} ${id} ${took} ${share}`;
}

function indented(log: string, style: Style): string {
  return `${log
    .trimEnd()
    .split('\n')
    .map((line) => `  ${style.dim('│')} ${line}`)
    .join('\n')}\n`;
}

function cut(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}
