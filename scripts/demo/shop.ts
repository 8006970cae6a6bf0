import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@selfheal/temporal';
import { execa } from 'execa';
import { buildShopRepo } from '../../fixtures/shop-service/build.ts';
import { startTraffic, type Traffic } from '../../fixtures/shop-service/traffic.ts';

export interface Shop {
  readonly repo: string;
  readonly url: string;
  readonly logFile: string;
  /** The team's own deploy command; idempotent by SELFHEAL_DEPLOY_KEY. */
  readonly deployCommand: string;
  /** Puts a tagged release on main and deploys it. */
  ship(tag: string): Promise<void>;
  stop(): Promise<void>;
}

/** The sample service in a folder of its own, deployed by its own script, under steady traffic from its first release on. */
export async function openShop(request: { folder: string; requestsPerSecond: number; seed: number }): Promise<Shop> {
  const repo = join(request.folder, 'shop');
  const logFile = join(request.folder, 'logs', 'shop.ndjson');
  const port = await freePort();
  await mkdir(join(request.folder, 'logs'), { recursive: true });
  await buildShopRepo(repo, { release: 'good' });
  const deploy = `node scripts/deploy.mjs --dir ${quoted(join(request.folder, 'deploy'))} --port ${port} --log ${quoted(logFile)}`;
  const url = `http://127.0.0.1:${port}`;
  let traffic: Traffic | undefined;
  return {
    repo,
    url,
    logFile,
    deployCommand: deploy,
    ship: async (tag) => {
      await execa('git', ['merge', '--ff-only', tag], { cwd: repo });
      await execa(deploy, { cwd: repo, shell: true });
      traffic ??= startTraffic({ url, ratePerSecond: request.requestsPerSecond, seed: request.seed });
    },
    stop: async () => {
      await traffic?.stop();
      await execa(`${deploy} stop`, { cwd: repo, shell: true, reject: false });
    },
  };
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
