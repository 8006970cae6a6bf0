/** `claim.ts <data folder>`: prints `claimed` and stays, or prints the error's code and ends. */
import { isSelfhealError } from '@selfheal/contracts';
import { claimEngine } from '../../src/engine/engine-claim.ts';

try {
  await claimEngine(process.argv[2] ?? '', { temporalAddress: '127.0.0.1:7233', temporalPid: 4711 });
  process.stdout.write('claimed\n');
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(`${isSelfhealError(error) ? error.code : String(error)}\n`);
}
