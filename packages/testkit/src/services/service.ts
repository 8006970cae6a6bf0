import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** A small service on a real framework and logger, whose tests pass and which fails for some of its requests. */
export interface Service {
  readonly files: Readonly<Record<string, string>>;
  /** An ECMAScript module, run in the repository, that serves requests and prints what the service logs. */
  readonly traffic: string;
  /** Puts the packages in place that the repository asks for; by default those of this project, linked. */
  install?(root: string): Promise<void>;
}

export interface MadeService {
  readonly root: string;
  /** File of the log. */
  readonly log: string;
  git(...args: string[]): Promise<string>;
}

/** Packages of this project, among them the frameworks. */
export const INSTALLED = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** Makes the repository with one commit, and its log by serving the traffic. */
export async function makeService(service: Service): Promise<MadeService> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-service-')));
  const root = join(folder, 'repository');
  for (const [path, text] of Object.entries({ '.gitignore': 'node_modules\n', ...service.files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await (service.install ?? linkPackages)(root);
  const git = async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=team', '-c', 'user.email=team@example.com', ...args], { cwd: root })).stdout;
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Serve the shop');
  const traffic = join(root, '.traffic.mjs');
  await writeFile(traffic, service.traffic);
  const { stdout } = await execa(process.execPath, ['--no-warnings', traffic], { cwd: root, env: { NODE_ENV: 'production' } });
  await rm(traffic);
  const log = join(folder, 'service.ndjson');
  await writeFile(log, spread(stdout));
  return { root, log, git };
}

async function linkPackages(root: string): Promise<void> {
  await symlink(INSTALLED, join(root, 'node_modules'));
}

const GAP_MS = 700;

/** The lines as if the requests had come over some minutes, the last one now. Loggers keep the time as `time` or `timestamp`. */
function spread(log: string): string {
  const lines = log.split('\n').filter((line) => line !== '');
  const start = Date.now() - lines.length * GAP_MS;
  return lines
    .map((line, index) => {
      const entry: Record<string, unknown> = JSON.parse(line);
      const at = start + index * GAP_MS;
      const key = 'time' in entry ? 'time' : 'timestamp';
      return `${JSON.stringify({ ...entry, [key]: typeof entry[key] === 'number' ? at : new Date(at).toISOString() })}\n`;
    })
    .join('');
}
