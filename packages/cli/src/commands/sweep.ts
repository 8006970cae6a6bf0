import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal sweep`: looks at what is stored, starts heals in the running engine (or in one for the time of the sweep). Exit 2 when healthy. */
export async function sweepCommand(terminal: Terminal, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    await healing.start();
    const result = await healing.sweep();
    await writeJson(terminal, options.json, result);
    if (options.json !== '-') {
      terminal.stdout.write(`${result.summary}\n`);
      for (const incident of result.incidents)
        terminal.stdout.write(`${incident.id}  [${incident.type}] ${incident.title}${incident.started ? '  (heal started)' : ''}\n`);
      if (healing.ownsEngine === true && result.incidents.some((incident) => incident.started))
        terminal.stdout.write('The heals wait in the engine’s database: run `selfheal up` to go on.\n');
    }
    exitWith(result.healthy ? 2 : 0);
  });
}
