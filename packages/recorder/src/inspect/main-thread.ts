import type { Debugger, Runtime } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import type { Probed } from '../messages.ts';
import type { ProbeArguments } from '../probe.ts';
import type { ScriptPlace } from './scripts.ts';

export type Paused = Debugger.PausedEventDataType;
export type CallFrame = Debugger.CallFrame;

/** Scopes that hold a function's own variables; the others belong to the functions around it, the module and the runtime. */
const OWN_SCOPES: ReadonlySet<string> = new Set(['local', 'block', 'catch']);
/** The runtime's own code throws and catches much; nothing in it is the application's. */
const RUNTIME = ['^node:'];

/** The application's thread, as the inspector shows it to this one. */
export class MainThread {
  readonly #session = new Session();
  readonly #probeKey: string;
  #probe: Runtime.RemoteObjectId | undefined;
  #awake = true;
  #wanted = false;

  constructor(probeKey: string) {
    this.#probeKey = probeKey;
  }

  async open(on: {
    readonly script: (script: Debugger.ScriptParsedEventDataType) => void;
    readonly paused: (paused: Paused) => void;
  }): Promise<void> {
    const session = this.#session;
    session.connectToMainThread();
    session.on('Debugger.scriptParsed', ({ params }) => on.script(params));
    session.on('Debugger.paused', ({ params }) => on.paused(params));
    await this.#enable();
    const { result } = await session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for(${JSON.stringify(this.#probeKey)})]` });
    this.#probe = result.objectId;
  }

  async pauseOnErrors(wanted: boolean): Promise<void> {
    this.#wanted = wanted;
    if (this.#awake) await this.#session.post('Debugger.setPauseOnExceptions', { state: wanted ? 'all' : 'none' });
  }

  /** Until it is woken the thread is never halted, and runs as if nobody watched. */
  async sleep(): Promise<void> {
    this.#awake = false;
    await this.#session.post('Debugger.disable');
  }

  async wake(): Promise<void> {
    await this.#enable();
    this.#awake = true;
    await this.pauseOnErrors(this.#wanted);
  }

  get isAwake(): boolean {
    return this.#awake;
  }

  async #enable(): Promise<void> {
    await this.#session.post('Debugger.enable');
    await this.#session.post('Debugger.setBlackboxPatterns', { patterns: RUNTIME });
  }

  async resume(): Promise<void> {
    await this.#session.post('Debugger.resume');
  }

  /** Reads the values of frames while the application stands still. Undefined where they cannot be read. */
  async probe(kind: ProbeArguments[0], value: Runtime.CallArgument, frames: readonly CallFrame[]): Promise<Probed | undefined> {
    if (this.#probe === undefined) return undefined;
    const scopes = frames.map((frame) => frame.scopeChain.filter(({ type }) => OWN_SCOPES.has(type)));
    const call: Runtime.CallFunctionOnParameterType = {
      objectId: this.#probe,
      functionDeclaration: 'function (...values) { return this(values); }',
      arguments: [
        { value: kind },
        value,
        { value: scopes.map((list) => list.length) },
        ...scopes.flat().map(({ object }) => (object.objectId === undefined ? { value: null } : { objectId: object.objectId })),
      ],
      returnByValue: true,
    };
    const { result, exceptionDetails } = await this.#session.post('Runtime.callFunctionOn', call);
    return exceptionDetails === undefined ? result.value : undefined;
  }

  /** The value of a promise that is fulfilled; undefined for any other. */
  async fulfilledWith(promise: Runtime.RemoteObjectId): Promise<Runtime.RemoteObject | undefined> {
    const { internalProperties = [] } = await this.#session.post('Runtime.getProperties', { objectId: promise, ownProperties: true });
    const inner = (name: string) => internalProperties.find((property) => property.name === name)?.value;
    return inner('[[PromiseState]]')?.value === 'fulfilled' ? inner('[[PromiseResult]]') : undefined;
  }

  /** Places where the function that begins at `start` can be halted: the first statement, and where it returns. */
  async breakPlaces(start: ScriptPlace): Promise<Debugger.BreakLocation[]> {
    const { locations } = await this.#session.post('Debugger.getPossibleBreakpoints', { start, restrictToFunction: true });
    return locations;
  }

  /** Undefined where the place has a breakpoint already. */
  async setBreakpoint(location: ScriptPlace): Promise<Debugger.BreakpointId | undefined> {
    return await this.#session.post('Debugger.setBreakpoint', { location }).then(
      ({ breakpointId }) => breakpointId,
      () => undefined,
    );
  }

  async removeBreakpoint(breakpointId: Debugger.BreakpointId): Promise<void> {
    await this.#session.post('Debugger.removeBreakpoint', { breakpointId });
  }

  async sourceText(scriptId: string): Promise<string> {
    return (await this.#session.post('Debugger.getScriptSource', { scriptId })).scriptSource;
  }

  close(): void {
    this.#session.disconnect();
  }
}

/** A value of the inspector, to be handed back to it. */
export function toArgument(object: Runtime.RemoteObject | undefined): Runtime.CallArgument {
  if (object?.objectId !== undefined) return { objectId: object.objectId };
  if (object?.unserializableValue !== undefined) return { unserializableValue: object.unserializableValue };
  return object === undefined || object.type === 'undefined' ? {} : { value: object.value };
}
