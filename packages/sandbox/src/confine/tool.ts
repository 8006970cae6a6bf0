import { SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';
import { type BubblewrapAbilities, type BubblewrapDescriptors, bubblewrapArguments } from './bubblewrap.ts';
import { namespacesArguments } from './namespaces.ts';
import { confinedEnvironment, type Mount, systemMounts } from './plan.ts';

/** What confines a command. `none` only where the user asked for it. */
export type ConfinementTool =
  | { readonly kind: 'bubblewrap'; readonly abilities: BubblewrapAbilities }
  | { readonly kind: 'namespaces' }
  | { readonly kind: 'none' };

/**
 * Finds what can confine a command here, by really running `true` with it: bubblewrap, else util-linux namespaces.
 * Fails with SANDBOX_MISSING where neither works and `unsafe` is not set.
 */
export async function findConfinement(etc: string, unsafe: boolean): Promise<ConfinementTool> {
  if (unsafe) return { kind: 'none' };
  const reasons: string[] = [];
  for (const tool of [await bubblewrap(), { kind: 'namespaces' } as const]) {
    if (tool === undefined) {
      reasons.push('bwrap is not on the path');
      continue;
    }
    const failure = await tryTool(tool, etc);
    if (failure === undefined) return tool;
    reasons.push(`${tool.kind}: ${failure}`);
  }
  throw new SelfhealError('SANDBOX_MISSING', reasons.join('; '));
}

/** What a confined command is started with beside its mounts. */
export interface Start {
  /** The filter of system calls. */
  readonly filter?: Buffer | undefined;
  /** Of bubblewrap alone. */
  readonly descriptors?: BubblewrapDescriptors;
}

/** The whole argument vector for a command under `tool`. */
export function confinedCommand(
  tool: ConfinementTool,
  command: {
    readonly argv: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly mounts: readonly Mount[];
  },
  { filter, descriptors }: Start = {},
): string[] {
  switch (tool.kind) {
    case 'bubblewrap':
      return ['bwrap', ...bubblewrapArguments(command.mounts, command.cwd, command.env, tool.abilities, descriptors), ...command.argv];
    case 'namespaces':
      return [...namespacesArguments(command.mounts, command.cwd, command.env, filter), ...command.argv];
    case 'none':
      return [...command.argv];
  }
}

async function bubblewrap(): Promise<ConfinementTool | undefined> {
  const help = await execa('bwrap', ['--help'], { reject: false, all: true });
  if (help.failed) return undefined;
  return { kind: 'bubblewrap', abilities: { disableUserns: help.all.includes('--disable-userns'), size: help.all.includes('--size') } };
}

async function tryTool(tool: ConfinementTool, etc: string): Promise<string | undefined> {
  const mounts = await systemMounts(etc);
  const [file = 'false', ...args] = confinedCommand(tool, { argv: ['true'], cwd: '/', env: await confinedEnvironment([]), mounts });
  const result = await execa(file, args, { reject: false, timeout: 10_000 });
  return result.failed ? (result.stderr.trim().split('\n').at(-1) ?? result.shortMessage) || result.shortMessage : undefined;
}
