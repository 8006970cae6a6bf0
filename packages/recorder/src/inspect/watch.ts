import { type Capture, Captures } from '../captures.ts';
import type { Told } from '../messages.ts';
import { callRecord, errorRecord, type LogRecord, type Redact } from '../send/otlp.ts';
import { Attention } from './attention.ts';
import { type CallFrame, type MainThread, type Paused, toArgument } from './main-thread.ts';
import { PauseBudget } from './pause-budget.ts';
import { Sampler } from './sampler.ts';
import { Scripts } from './scripts.ts';
import { SiteQuota } from './site-quota.ts';
import { captureOf } from './thrown.ts';

/** Of the application's time. An error storm costs this and no more: pausing is off until the budget has grown again. */
const PAUSE_SHARE = 0.01;
const PAUSE_BURST_MS = 200;
/** What a pause costs before this thread hears of it. */
const PAUSE_BASE_MS = 0.3;
/** Recordings of one place in a minute. */
const SITE_QUOTA = 10;
const MAX_FRAMES = 5;
/** How far from the place of the throw the application's own code may be: what is deeper in a library is that library's business. */
const NEAR_FRAMES = 12;

/** Takes what makes a record, once secrets can be taken out of it. */
export type Recorder = (make: (redact: Redact) => LogRecord) => void;

/** Watches the application's thread: halts it where something is thrown, reads the values, lets it go on. */
export class Watch {
  readonly #scripts = new Scripts(ownFolders());
  readonly #budget = new PauseBudget(PAUSE_SHARE, PAUSE_BURST_MS, performance.now());
  readonly #sites = new SiteQuota(SITE_QUOTA, performance.now());
  readonly #captures: Captures;
  readonly #sampler: Sampler;
  readonly #attention: Attention;
  readonly #main: MainThread;
  #pauses = 0;

  constructor(record: Recorder, main: MainThread) {
    this.#main = main;
    this.#captures = new Captures((capture: Capture) => record((redact) => errorRecord(capture, redact)));
    this.#sampler = new Sampler(main, this.#scripts, (call) => record((redact) => callRecord(call, redact)));
    this.#attention = new Attention(main, () => this.#pauses > 0 || this.#sampler.isArmed);
  }

  async start(): Promise<void> {
    await this.#main.open({
      script: (script) => this.#scripts.add(script),
      // Where it cannot be resumed, the session is closed, and the application went on by that.
      paused: (paused) => void this.#paused(paused).catch(() => undefined),
    });
    await this.#main.pauseOnErrors(true);
  }

  told(message: Exclude<Told, { kind: 'exit' }>): void {
    if (message.kind === 'load') this.#attention.busy(message.busy);
    else if (message.kind === 'fatal') this.#captures.fatal(message.error);
    else this.#captures.answered(message.request, message.status);
  }

  /** Hands on all that is held. */
  finish(): void {
    this.#attention.close();
    this.#sampler.close();
    this.#captures.finishAll();
  }

  close(): void {
    this.#main.close();
  }

  async #paused(paused: Paused): Promise<void> {
    this.#pauses += 1;
    await this.#dealWith(paused).finally(() => {
      this.#pauses -= 1;
    });
  }

  async #dealWith(paused: Paused): Promise<void> {
    const from = performance.now();
    const isThrow = paused.reason === 'exception' || paused.reason === 'promiseRejection';
    try {
      if (isThrow) await this.#thrown(paused);
      else await this.#sampler.paused(paused);
    } catch {
      // What cannot be read is not recorded; the application goes on all the same.
    }
    const rest = this.#budget.spend(performance.now() - from + PAUSE_BASE_MS, performance.now());
    if (rest > 0 && isThrow) await this.#pauseLater(rest);
    await this.#main.resume();
  }

  async #thrown(paused: Paused): Promise<void> {
    const frames = this.#framesInApp(paused);
    const [innermost] = frames;
    if (innermost === undefined || !this.#sites.admit(siteOf(innermost), performance.now())) return;
    const probed = await this.#main.probe('thrown', toArgument(thrownOf(paused)), frames);
    if (probed === undefined) return;
    this.#captures.add(captureOf(paused, frames, probed, this.#scripts));
    this.#sampler.watch(frames);
  }

  #framesInApp({ callFrames }: Paused): CallFrame[] {
    const near = callFrames.slice(0, NEAR_FRAMES).findIndex((frame) => this.#scripts.inApp(frame.location.scriptId));
    if (near < 0) return [];
    return callFrames
      .slice(near)
      .filter((frame) => this.#scripts.inApp(frame.location.scriptId))
      .slice(0, MAX_FRAMES);
  }

  async #pauseLater(restMs: number): Promise<void> {
    await this.#main.pauseOnErrors(false);
    const timer = setTimeout(() => void this.#main.pauseOnErrors(true).catch(() => undefined), restMs);
    timer.unref();
  }
}

function siteOf({ location }: CallFrame): string {
  return `${location.scriptId}:${location.lineNumber}:${location.columnNumber}`;
}

/** The inspector types it as any object. */
function thrownOf({ data }: Paused): Parameters<typeof toArgument>[0] {
  return data === undefined ? undefined : { type: 'object', ...data };
}

/** The recorder's own code, and that of the redaction: neither is the application's. */
function ownFolders(): string[] {
  return [new URL('../', import.meta.url).href, new URL('./', import.meta.resolve('@selfheal/redaction')).href];
}
