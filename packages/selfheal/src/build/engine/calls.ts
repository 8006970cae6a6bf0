/** A call between two processes, or what came of it. */
type CallMessage<Given> =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly args: Given }
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: Given }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };

export type SentMessage = CallMessage<unknown>;
/** Both sides are of one build, so what comes is what was asked for. */
export type TakenMessage = CallMessage<never>;

/** What one side does for the other, by name; the signal is that of the caller. */
export type Served = Readonly<Record<string, (args: never, signal: AbortSignal) => unknown>>;

interface Asked {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Calls of functions in another process, both ways, over the channel of a forked one. What travels is plain data; of errors the message. */
export class Calls {
  readonly #send: (message: SentMessage) => void;
  readonly #served: Served;
  readonly #asked = new Map<number, Asked>();
  readonly #underWay = new Map<number, AbortController>();
  #last = 0;

  constructor(send: (message: SentMessage) => void, served: Served) {
    this.#send = send;
    this.#served = served;
  }

  async call<T>(name: string, args: readonly unknown[], signal?: AbortSignal): Promise<T> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<T>();
    this.#asked.set(id, answer);
    const stop = (): void => this.#send({ kind: 'stop', id });
    signal?.addEventListener('abort', stop, { once: true });
    this.#send({ kind: 'call', id, name, args });
    if (signal?.aborted === true) stop();
    try {
      return await answer.promise;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#asked.delete(id);
    }
  }

  take(message: TakenMessage): void {
    if (message.kind === 'call') void this.#serve(message);
    else if (message.kind === 'stop') this.#underWay.get(message.id)?.abort();
    else if (message.kind === 'answer') this.#asked.get(message.id)?.resolve(message.value);
    else this.#asked.get(message.id)?.reject(new Error(message.message));
  }

  /** The other side is gone. */
  end(why: string): void {
    for (const { reject } of this.#asked.values()) reject(new Error(why));
    for (const stop of this.#underWay.values()) stop.abort();
  }

  async #serve({ id, name, args }: Extract<TakenMessage, { kind: 'call' }>): Promise<void> {
    const stop = new AbortController();
    this.#underWay.set(id, stop);
    try {
      const served = this.#served[name];
      if (served === undefined) throw new TypeError(`nobody does ${name}`);
      this.#send({ kind: 'answer', id, value: await served(args, stop.signal) });
    } catch (error) {
      this.#send({ kind: 'failure', id, message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#underWay.delete(id);
    }
  }
}
