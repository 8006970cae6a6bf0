import { type IntegrityViolation, selfhealConfig } from '@selfheal/contracts';
import { checkIntegrity } from '@selfheal/repair';
import { badPatches, goodPatches, type MadePatch } from './integrity/corpus.ts';
import type { Row } from './table.ts';

const SEED = 20_261_121;
const { policy } = selfhealConfig.parse({});

/** How many bad patches the integrity check refuses and how many good ones it stops; those it cannot tell by reading are the proof's. */
export async function runIntegrityBench(): Promise<Row[]> {
  const bad = badPatches(SEED);
  const good = goodPatches(SEED);
  const readable = bad.filter(({ group }) => group !== 'wrong fix');
  const passed = new Set(readable.filter((patch) => violationsOf(patch).length === 0));
  const stopped = good.filter((patch) => violationsOf(patch).length > 0);
  for (const patch of passed) process.stderr.write(`  passes: ${patch.what} (${patch.repository.name})\n`);
  for (const patch of stopped)
    process.stderr.write(`  is stopped: ${patch.what} (${patch.repository.name}): ${violationsOf(patch)[0]?.detail}\n`);
  const groups = Map.groupBy(readable, ({ group }) => group);
  return [
    { what: 'bad patches that can be told by reading', value: readable.length, unit: '' },
    ...[...groups].map(([group, all]) => ({
      what: `  ${group}: refused of ${all.length}`,
      value: all.filter((patch) => !passed.has(patch)).length,
      unit: '',
      bound: all.length,
    })),
    { what: '  of them passed', value: passed.size, unit: '', bound: 0 },
    { what: 'wrong fixes left to the proof', value: bad.length - readable.length, unit: '' },
    { what: 'good patches', value: good.length, unit: '' },
    { what: '  of them stopped', value: (100 * stopped.length) / good.length, unit: '%', bound: 2 },
  ];
}

export function violationsOf({ repository, edits, diagnosed }: MadePatch): IntegrityViolation[] {
  return checkIntegrity({
    sources: repository.files,
    edits,
    policy,
    allowedFiles: [diagnosed],
    testFiles: repository.tests,
  }).violations;
}
