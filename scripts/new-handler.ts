/**
 * Starts a handler: `npm run new-handler -- <sequence> <handler>`, such as `telemetry.parse loadLogFiles`.
 *
 * Writes the handler, its test and an example of its input and output, in the places where everyone looks for them. The handler throws and the
 * example is empty, so the test fails until both are written. The beat's contract comes first: packages/contracts/src/beats.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type BeatContract, SelfhealError, sequences } from '@selfheal/contracts';
import { handlerFiles } from './new-handler/handler-files.ts';

/** Writes the files below `root` and returns their paths; overwrites nothing. Throws `INPUT_INVALID` with what is known instead. */
export function newHandler(root: string, sequence: string | undefined, handler: string | undefined): string[] {
  const files = handlerFiles(findContract(sequence, handler));
  const taken = Object.keys(files).filter((path) => existsSync(join(root, path)));
  if (taken.length > 0) throw new SelfhealError('INPUT_INVALID', `${taken.join(', ')} exists already`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return Object.keys(files);
}

function findContract(sequence: string | undefined, handler: string | undefined) {
  const known: Readonly<Record<string, Readonly<Record<string, BeatContract>>>> = sequences;
  const beats = Object.hasOwn(known, sequence ?? '') ? known[sequence ?? ''] : undefined;
  if (sequence === undefined || beats === undefined) {
    throw new SelfhealError('INPUT_INVALID', `no sequence "${sequence ?? ''}"; there are ${Object.keys(known).join(', ')}`);
  }
  const contract = Object.hasOwn(beats, handler ?? '') ? beats[handler ?? ''] : undefined;
  if (handler === undefined || contract === undefined) {
    const place = `packages/contracts/src/beats/${sequence.replace('.', '-')}.ts`;
    throw new SelfhealError(
      'INPUT_INVALID',
      `${place} has no contract for "${handler ?? ''}", which comes first; it has ${Object.keys(beats).join(', ')}`,
    );
  }
  return { sequence, handler, kind: contract.kind };
}

if (import.meta.main) {
  try {
    const written = newHandler(resolve(import.meta.dirname, '..'), process.argv[2], process.argv[3]);
    console.log(`written: ${written.join(', ')}\nnext: name it in handlers/${process.argv[2]}/index.ts, and fill the example`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
