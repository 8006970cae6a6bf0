import { type Budget, type Described, describeValue } from './describe-value.ts';

const MAX_NAMES = 40;
/** Of one frame: the innermost frames say most, and none may take the room of all. */
const FRAME_NODES = 1_500;
const FRAME_CHARACTERS = 12_000;

/**
 * Arguments and locals of frames, by name. A frame is the scopes of one function, innermost first: plain objects of the inspector, whose
 * names are variables. One that is not yet initialised cannot be read, and is left out.
 */
export function describeFrames(frames: readonly (readonly object[])[]): Record<string, Described>[] {
  return frames.map(describeFrame);
}

function describeFrame(scopes: readonly object[]): Record<string, Described> {
  const budget: Budget = { nodes: FRAME_NODES, characters: FRAME_CHARACTERS };
  const values: Record<string, Described> = Object.create(null);
  let count = 0;
  for (const scope of scopes) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (count >= MAX_NAMES || Object.hasOwn(values, name)) continue;
      const value = valueIn(scope, name, budget);
      if (value === undefined) continue;
      values[name] = value;
      count += 1;
    }
  }
  return values;
}

function valueIn(scope: object, name: string, budget: Budget): Described | undefined {
  try {
    return describeValue(Reflect.getOwnPropertyDescriptor(scope, name)?.value, budget);
  } catch {
    return undefined; // in its temporal dead zone
  }
}
