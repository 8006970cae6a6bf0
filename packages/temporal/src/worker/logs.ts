import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';

const listeners = new Set<(line: string) => void>();

/**
 * Routes the SDK's log: notices of sequences to `onNotice`, errors to stderr, nothing else. The SDK has one runtime for a process, so
 * this is done once; later callers only add their listener.
 */
export function installLogs(onNotice?: (line: string) => void): void {
  if (onNotice !== undefined) listeners.add(onNotice);
  if (Runtime._instance !== undefined) return;
  const filter = { core: 'ERROR', other: 'ERROR' } as const;
  Runtime.install({ logger: new DefaultLogger('INFO', route), telemetryOptions: { logging: { forward: {}, filter } } });
}

function route(entry: LogEntry): void {
  if (entry.meta?.notice === true) for (const listener of listeners) listener(entry.message);
  else if (entry.level === 'ERROR') process.stderr.write(`${entry.message}\n`);
}
