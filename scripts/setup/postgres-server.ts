import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemToolNeed } from './system-tool.ts';

const NO_CLUSTER_FILE = '/etc/postgresql-common/createcluster.d/selfheal-set-up.conf';

/** The PostgreSQL programs with which tests start a server of their own. */
export const postgresServer = systemToolNeed({
  name: 'PostgreSQL',
  executables: ['initdb', 'postgres'],
  folders: ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin'],
  debianPackages: ['postgresql'],
  howToGet: 'no PostgreSQL server programs, so the tests on PostgreSQL are skipped: `sudo apt-get install postgresql` (Debian, Ubuntu)',
  aroundInstall: withoutCluster,
});

/** Debian's package creates a database cluster and starts it; only the programs are wanted. */
async function withoutCluster(install: () => Promise<boolean>): Promise<boolean> {
  await mkdir(dirname(NO_CLUSTER_FILE), { recursive: true });
  await writeFile(NO_CLUSTER_FILE, 'create_main_cluster = false\n');
  try {
    return await install();
  } finally {
    await rm(NO_CLUSTER_FILE, { force: true });
  }
}
