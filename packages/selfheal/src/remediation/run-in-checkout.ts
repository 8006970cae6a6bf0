import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beats, type Checkout, type Ports, SelfhealError } from '@selfheal/contracts';
import { createBeats } from '../beats/beat-registry.ts';
import type { HostParts } from './parts.ts';

interface CheckoutRun {
  readonly handler: string;
  readonly input: unknown;
  readonly checkout: Checkout;
  readonly ports: Ports;
}

/**
 * Runs a handler against a patched copy. One that comes from the repository itself is loaded from the copy and runs confined there, for its
 * code may be what was patched: it gets its input and where the project is, no network and no other port. Any other one runs here, with the
 * copy in place of the repository.
 */
export async function runInCheckout(parts: HostParts, run: CheckoutRun): Promise<unknown> {
  const own = await ownPluginOf(parts, run.handler);
  if (own !== undefined) return runConfined(own, run);
  const beat = createBeats(parts.plugins).find(({ handler }) => handler === run.handler);
  if (beat === undefined) throw new SelfhealError('HANDLER_UNKNOWN', `"${run.handler}"`);
  const { ports, checkout } = run;
  return beat.run(run.input, { ...ports, project: { ...ports.project, root: checkout.path } });
}

/** The path of the plugin in the repository that brings the handler. */
async function ownPluginOf({ project, plugins }: HostParts, handler: string): Promise<string | undefined> {
  if (Object.hasOwn(beats, handler)) return undefined;
  const index = plugins.findIndex((plugin) => Object.hasOwn(plugin.handlers ?? {}, handler));
  // The plugins of the configuration come first, in its order.
  const name = project.config.plugins[index];
  return name?.startsWith('.') === true ? name : undefined;
}

async function runConfined(plugin: string, { handler, input, checkout, ports }: CheckoutRun): Promise<unknown> {
  const place = join(checkout.path, `.selfheal-retry-${randomUUID()}`);
  await writeFile(`${place}.mjs`, SCRIPT);
  await writeFile(`${place}.in.json`, JSON.stringify({ plugin, handler, input: input ?? null, project: ports.project.id }));
  const { exitCode, stdout, stderr, timedOut } = await ports.sandbox.run(
    checkout,
    `node ${JSON.stringify(`${place}.mjs`)} ${JSON.stringify(place)}`,
    {
      timeoutMs: ports.project.config.sandbox.testTimeoutMs,
      signal: ports.beat.signal,
    },
  );
  const answer = await readFile(`${place}.out.json`, 'utf8').catch(() => undefined);
  if (answer === undefined) {
    const why = timedOut ? 'did not end in time' : `ended with ${exitCode}`;
    throw new SelfhealError('BEAT_FAILED', `${handler} ${why} in the sandbox: ${`${stdout}\n${stderr}`.trim().slice(-2_000)}`);
  }
  const { output, error } = JSON.parse(answer);
  if (error !== undefined) throw Object.assign(new Error(String(error.message)), { name: String(error.name), stack: String(error.stack) });
  return output;
}

/** Runs within the copy; the plugin's path is relative to it. */
const SCRIPT = `import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
const place = process.argv[2];
const { plugin, handler, input, project } = JSON.parse(readFileSync(place + '.in.json', 'utf8'));
const end = (answer) => writeFileSync(place + '.out.json', JSON.stringify(answer));
try {
  const module = await import(pathToFileURL(resolve(plugin)).href);
  const { handlers } = module.default ?? module.plugin;
  end({ output: (await handlers[handler](input, { project: { id: project, root: process.cwd() } })) ?? null });
} catch (error) {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  end({ error: { name, message, stack } });
}
`;
