import { join } from 'node:path';
import { withFileLock } from '@selfheal/store';
import { type Disk, type IntakeFolder, nodeDisk } from '@selfheal/telemetry';

/** Where a host, standard input and OTLP senders deliver to; telemetry.parse reads its segments like any other log. */
export function intakeFolder(dataDir: string, disk: Disk = nodeDisk): IntakeFolder {
  const path = join(dataDir, 'intake');
  return {
    path,
    disk,
    async lock(work) {
      await disk.makeFolder(path);
      return await withFileLock(join(path, 'lock'), work);
    },
  };
}
