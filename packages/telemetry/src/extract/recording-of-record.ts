import type { Json, RecordedFrame, Recording } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import type { FrameMapper } from '../stack/frame-mapper.ts';

type Fields = Record<string, Json>;

export const FRAMES_FIELD = 'selfheal.frames';
const RESULT_FIELD = 'selfheal.result';
const MAX_CHARACTERS = 131_072;
const MAX_FRAMES = 12;

/** The frames with values that a record of the recorder carries, on the files of the repository; undefined for any other record. */
export async function recordingOfRecord(fields: Fields, mapper: Pick<FrameMapper, 'mapFrames'>): Promise<Recording | undefined> {
  const told = parsed(fields[FRAMES_FIELD]);
  if (!Array.isArray(told)) return undefined;
  const frames = told.slice(0, MAX_FRAMES).flatMap(frameOf);
  const mapped = await mapper.mapFrames(
    frames.map(({ function: name, file, line, column }) => ({ function: name, file, line, ...(column === undefined ? {} : { column }) })),
  );
  const result = parsed(fields[RESULT_FIELD]);
  return {
    frames: frames.map((frame, index) => ({ ...frame, ...placeOf(mapped[index]) })),
    ...(result === undefined ? {} : { result }),
  };
}

/** The fields without what the recording holds. */
export function withoutRecording(fields: Fields): Fields {
  if (!Object.hasOwn(fields, FRAMES_FIELD)) return fields;
  const { [FRAMES_FIELD]: _frames, [RESULT_FIELD]: _result, ...others } = fields;
  return others;
}

function frameOf(value: Json): RecordedFrame[] {
  if (!isObject(value)) return [];
  const { function: name, file, line, column, values } = value;
  if (typeof file !== 'string' || !isCount(line) || !isObject(values)) return [];
  return [{ function: typeof name === 'string' ? name : '', file, line, ...(isCount(column) ? { column } : {}), inApp: false, values }];
}

function placeOf(frame: Awaited<ReturnType<FrameMapper['mapFrames']>>[number] | undefined): Partial<RecordedFrame> {
  return frame === undefined ? {} : { file: frame.file, line: frame.line, inApp: frame.inApp };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function parsed(text: Json | undefined): Json | undefined {
  if (typeof text !== 'string' || text.length > MAX_CHARACTERS) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut or forged: the record's other fields count all the same
  }
}
