import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineNeed, SetupContext } from './machine-need.ts';

const FACT = 'temporal-server';
const FETCHED: readonly string[] = ['pip', 'download'];
/** What decides where the resolver looks; when one changes, what was found before does not count. */
const DECIDING = ['SELFHEAL_TEMPORAL_BIN', 'SELFHEAL_CACHE', 'XDG_CACHE_HOME', 'HOME'] as const;

/** What the resolver prints as a program. */
type ResolverAnswer = { readonly path: string; readonly how: string; readonly version: string } | { readonly problem: string };

/** The program with Temporal's dev server, found or fetched by the product's own resolver. A cluster named by TEMPORAL_ADDRESS needs none. */
export const temporalServer: MachineNeed = {
  requiredBy: ['start', 'bench', 'setup'],
  async ensure(context) {
    if (context.env.TEMPORAL_ADDRESS && context.task === 'start') return undefined;
    const key = JSON.stringify(DECIDING.map((name) => context.env[name]));
    if (foundBefore(context, key)) return undefined;
    const started = Date.now();
    const answer = await runResolver(context);
    if ('problem' in answer) return answer.problem;
    if (FETCHED.includes(answer.how))
      context.say(`Temporal server ${answer.version} fetched in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    context.memory.remember(FACT, JSON.stringify({ key, path: answer.path }));
    return undefined;
  },
};

/** Runs the resolver as a program: it belongs to a package, and set-up must not load the whole package for it. Its progress goes to the terminal. */
async function runResolver(context: SetupContext): Promise<ResolverAnswer> {
  // Loaded when needed: a start that finds all in place stays quick.
  const { execa } = await import('execa');
  const resolver = join(context.root, 'packages/temporal/src/embedded/resolve-binary.ts');
  const result = await execa(process.execPath, [resolver], {
    cwd: context.root,
    env: context.env,
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
  return result.stdout === ''
    ? { problem: `the search for the Temporal server broke off (${result.shortMessage})` }
    : JSON.parse(result.stdout);
}

function foundBefore(context: SetupContext, key: string): boolean {
  const text = context.memory.recall(FACT);
  if (text === undefined) return false;
  const fact: { key: string; path: string } = JSON.parse(text);
  return fact.key === key && existsSync(fact.path);
}
