import { errorReport, printable } from 'selfheal';
import { figure, instant } from '../output/figures.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

const MAX_MESSAGE = 100;

/** `selfheal telemetry errors`: every error with its state: new, regressed, rising, steady, falling, resolved. */
export async function telemetryErrorsCommand(terminal: Terminal, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const errors = await errorReport(healing);
    await writeJson(terminal, options.json, errors);
    if (options.json === '-') return;
    if (errors.length === 0) terminal.stdout.write('No error in the stored telemetry.\n');
    for (const { fingerprint, state, count, type, message, place, release, without, ratio, lastSeen } of errors) {
      const where = place === undefined ? '' : ` at ${place}`;
      const change = ratio === undefined ? '' : `, ${figure(ratio)} times the rate before`;
      const not = without === undefined ? '' : `, not in ${without}`;
      terminal.stdout.write(
        `${fingerprint}  ${state.padEnd(9)}  ×${String(count).padEnd(6)} ${printable(`${type}: ${message}`).slice(0, MAX_MESSAGE)}${where}  (${release === '' ? '' : `release ${printable(release)}`}${not}${change}; last ${instant(lastSeen)})\n`,
      );
    }
  });
}
