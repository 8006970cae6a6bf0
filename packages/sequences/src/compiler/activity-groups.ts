import { allBeats } from '../interpreter/all-beats.ts';
import type { HandlerBeat, SequencePlan } from '../interpreter/plan.ts';
import { camelCase, type Names } from './names.ts';
import { key, literal, object } from './print.ts';

/** Limits of an activity that says nothing else; as the engine has them. */
const LOCAL_TIMEOUT_MS = 10_000;
const DEFAULT_TIMEOUT_MS = 600_000;
const MAXIMUM_ATTEMPTS = 3;

/** Activities of one workflow that share timeout and retry: one `proxyActivities`. */
interface ActivityGroup {
  readonly proxy: 'proxyActivities' | 'proxyLocalActivities';
  readonly options: string;
  /** The function of each handler. */
  readonly functions: Map<string, string>;
}

export class ActivityGroups {
  private readonly groups = new Map<string, ActivityGroup>();
  private readonly local: ReadonlySet<string>;

  constructor(plan: SequencePlan, local: ReadonlySet<string>, names: Names) {
    this.local = local;
    for (const beat of allBeats(plan)) if (beat.form === 'handler') this.add(beat, names);
  }

  functionOf(beat: HandlerBeat): string {
    return this.groups.get(this.keyOf(beat))?.functions.get(beat.handler) ?? beat.handler;
  }

  /** The SDK's functions that the declarations need. */
  get proxies(): string[] {
    return [...new Set([...this.groups.values()].map(({ proxy }) => proxy))];
  }

  print(): string[] {
    return [...this.groups.values()].map(({ proxy, options, functions }) => {
      const names = [...functions].map(([handler, name]) => (handler === name ? name : `${key(handler)}: ${name}`));
      return `const ${object(names)} = ${proxy}<Activities>(${options});`;
    });
  }

  private add(beat: HandlerBeat, names: Names): void {
    const groupKey = this.keyOf(beat);
    const group = this.groups.get(groupKey) ?? {
      proxy: this.proxyOf(beat),
      options: optionsOf(beat, this.isLocal(beat)),
      functions: new Map(),
    };
    this.groups.set(groupKey, group);
    if (!group.functions.has(beat.handler)) group.functions.set(beat.handler, names.take(camelCase(beat.handler)));
  }

  private keyOf(beat: HandlerBeat): string {
    return `${this.proxyOf(beat)} ${optionsOf(beat, this.isLocal(beat))}`;
  }

  private proxyOf(beat: HandlerBeat): ActivityGroup['proxy'] {
    return this.isLocal(beat) ? 'proxyLocalActivities' : 'proxyActivities';
  }

  private isLocal({ handler }: HandlerBeat): boolean {
    return this.local.has(handler);
  }
}

function optionsOf({ retry, timeoutMs }: HandlerBeat, local: boolean): string {
  const policy = retry && {
    initialInterval: retry.initialIntervalMs,
    backoffCoefficient: retry.backoff,
    maximumInterval: Math.max(retry.maximumIntervalMs, retry.initialIntervalMs),
  };
  return literal({
    startToCloseTimeout: timeoutMs ?? (local ? LOCAL_TIMEOUT_MS : DEFAULT_TIMEOUT_MS),
    retry: { maximumAttempts: retry?.maximumAttempts ?? MAXIMUM_ATTEMPTS, ...policy },
  });
}
