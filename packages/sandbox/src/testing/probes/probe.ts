import type * as childProcess from 'node:child_process';
import type * as dgram from 'node:dgram';
import type * as dns from 'node:dns';
import type * as fs from 'node:fs';
import type * as net from 'node:net';
import type * as os from 'node:os';
import type { RunResult } from '@selfheal/contracts';
import type { ConfinedRun } from '../../confine/run.ts';

/** What the host has that a confined program must not reach. */
export interface HostFacts {
  /** Occurs in the host's environment and secret files, and in nothing that is confined. */
  readonly canary: string;
  /** A folder beside the copy; holds `secret`, `socket` and `repository`. */
  readonly outside: string;
  readonly home: string;
  /** A process of the host. */
  readonly victim: number;
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Addresses at which the host's TCP server answers, loopback first. */
  readonly addresses: readonly string[];
  readonly abstractSocket: string;
  /** A file in the host's /dev/shm. */
  readonly sharedFile: string;
  /** Key of a System V shared memory segment; undefined where none could be made. */
  readonly segment: string | undefined;
  /** Identifiers of the host's namespaces: `mnt:[4026531840]`. */
  readonly namespaces: readonly string[];
}

/** What a probe's program works with. It is sent as text, so it can use nothing else. */
export interface Attacker {
  readonly facts: HostFacts;
  readonly fs: typeof fs;
  readonly net: typeof net;
  readonly dgram: typeof dgram;
  readonly dns: typeof dns;
  readonly os: typeof os;
  readonly child: typeof childProcess;
  /** Tells that it got through. */
  escaped(what: unknown): void;
  /** Output of a shell command, whether or not it fails. */
  sh(command: string): string;
  wait(ms: number): Promise<void>;
}

export interface Probe {
  readonly name: string;
  readonly attack: (attacker: Attacker) => unknown;
  /** What the host shows afterwards; a text says how it was harmed. */
  readonly harm?: (host: ProbedHost, result: RunResult) => Promise<string | undefined> | string | undefined;
  /** The program must have been ended, for this reason. */
  readonly endedBy?: RegExp;
  readonly run?: Partial<Pick<ConfinedRun, 'limits' | 'timeoutMs'>>;
  /** Would do no harm if it got through: can be run without confinement, to see that the probe itself works. */
  readonly harmless?: true;
}

export interface ProbedHost {
  readonly facts: HostFacts;
  /** Whether the process of `facts.victim` is still there. */
  victimLives(): boolean;
  /** How many datagrams reached the host since it was last asked. */
  takeDatagrams(): number;
  /** Command lines of the host's processes. */
  commandLines(): Promise<string[]>;
}

export interface Verdict {
  readonly contained: boolean;
  /** How it was held, or what got through. */
  readonly detail: string;
}

const STARTED = 'probe: started';
const ESCAPED = 'probe: escaped: ';

/** Runs a probe's program by `run` and judges what it says and what the host shows. */
export async function runProbe(
  probe: Probe,
  host: ProbedHost,
  run: (argv: readonly string[], options: NonNullable<Probe['run']>) => Promise<RunResult>,
): Promise<Verdict> {
  const result = await run(['node', '--input-type=commonjs', '-e', program(probe, host.facts)], probe.run ?? {});
  if (!result.stdout.includes(STARTED)) return { contained: false, detail: `it did not start: ${result.stderr.trim().slice(-300)}` };
  const said = result.stdout.split('\n').find((line) => line.startsWith(ESCAPED));
  if (said !== undefined) return { contained: false, detail: said.slice(ESCAPED.length) };
  const harmed = await probe.harm?.(host, result);
  if (harmed !== undefined) return { contained: false, detail: harmed };
  if (probe.endedBy === undefined) return { contained: true, detail: 'refused' };
  const ended = result.exitCode !== 0 && probe.endedBy.test(result.stderr);
  return { contained: ended, detail: ended ? 'ended' : `not ended: ${result.stderr.trim().slice(-300)}` };
}

function program({ attack }: Probe, facts: HostFacts): string {
  return `
const child = require('node:child_process');
const attacker = {
  facts: ${JSON.stringify(facts)},
  fs: require('node:fs'), net: require('node:net'), dgram: require('node:dgram'), dns: require('node:dns'), os: require('node:os'), child,
  escaped: (what) => console.log(${JSON.stringify(ESCAPED)} + String(what).replace(/\\s+/g, ' ').slice(0, 200)),
  sh: (command) => { const { stdout, stderr } = child.spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 5000 }); return stdout + stderr; },
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
};
console.log(${JSON.stringify(STARTED)});
Promise.resolve((${attack.toString()})(attacker)).catch((error) => console.error(error));
`;
}
