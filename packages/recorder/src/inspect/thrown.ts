import type { Runtime } from 'node:inspector';
import type { Capture, RecordedFrame } from '../captures.ts';
import type { Described } from '../describe/describe-value.ts';
import type { Probed } from '../messages.ts';
import type { CallFrame, Paused } from './main-thread.ts';
import type { Scripts } from './scripts.ts';

const MAX_MESSAGE = 4_000;
const MAX_STACK = 16_000;

/** A pause where something was thrown, with what the probe read, as a capture. */
export function captureOf(paused: Paused, frames: readonly CallFrame[], probed: Probed, scripts: Scripts): Capture {
  const thrown: Partial<Runtime.RemoteObject> & { uncaught?: boolean } = paused.data ?? {};
  const { type, message, stack } = errorText(thrown, paused.callFrames);
  return {
    error: probed.error,
    time: Date.now(),
    type,
    message: message.slice(0, MAX_MESSAGE),
    stack: (probed.mapped ? stack : scripts.mapStack(stack)).slice(0, MAX_STACK),
    ...(probed.request === undefined ? {} : { request: probed.request }),
    frames: recordedFrames(frames, probed.frames, scripts),
    uncaught: thrown.uncaught === true,
    fatal: false,
  };
}

export function recordedFrames(
  frames: readonly CallFrame[],
  values: readonly Readonly<Record<string, Described>>[],
  scripts: Scripts,
): RecordedFrame[] {
  return frames.flatMap(({ functionName, location }, index) => {
    const place = scripts.sourceOf(location);
    return place === undefined ? [] : [{ function: functionName, ...place, values: values[index] ?? {} }];
  });
}

/** An error's description is its stack. What else is thrown has none: the frames of the pause stand in for it. */
function errorText(
  thrown: Partial<Runtime.RemoteObject>,
  callFrames: readonly CallFrame[],
): { type: string; message: string; stack: string } {
  const description = thrown.description ?? String(thrown.value ?? thrown.type ?? 'unknown');
  const isError = thrown.subtype === 'error';
  const end = description.search(/\n\s+at /);
  const header = end < 0 ? description : description.slice(0, end);
  const [, name, text = ''] = (isError ? /^([\w$.]+)(?:: ([\s\S]*))?$/.exec(header) : null) ?? [];
  const type = isError ? (name === undefined || name === 'Error' ? (thrown.className ?? 'Error') : name) : 'Error';
  const message = isError && name !== undefined ? text : header;
  return { type, message, stack: end < 0 ? `${type}: ${message}${stackOf(callFrames)}` : description };
}

function stackOf(frames: readonly CallFrame[]): string {
  return frames
    .slice(0, 10)
    .map(({ functionName, url, location }) => {
      const place = `${url}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
      return `\n    at ${functionName === '' ? place : `${functionName} (${place})`}`;
    })
    .join('');
}
