/** `keeper.ts <data folder>`: reads and stores what a host hands over and bounds the file, for ever. */
import { boundIntake } from '../../src/intake/bound-intake.ts';
import { openIntake } from '../../src/intake/intake.ts';
import { openReader } from './reader.ts';

const [dataDir = ''] = process.argv.slice(2);
const { records, read } = await openReader(dataDir);
process.stdout.write('ready\n');
for (;;) {
  await read([await openIntake(dataDir)]);
  await boundIntake({ dataDir, projectId: 'p', projectRoot: dataDir, records }, 4_096);
}
