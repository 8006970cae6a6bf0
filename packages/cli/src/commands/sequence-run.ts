import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isSelfhealError, SelfhealError } from '@selfheal/contracts';
import { formatDiagnostic, readSequenceFile } from '@selfheal/sequences';
import { handlerNames, readLinkedPlan } from 'selfheal';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

export interface SequenceRunOptions extends Omit<CommonOptions, 'repo'> {
  readonly repo?: string;
  readonly input?: string;
}

/** Codes of beats that ended as remediation decided. */
const DECIDED: ReadonlySet<string> = new Set(['REMEDIATION_FAILED', 'REMEDIATION_ESCALATED']);

/**
 * `selfheal sequence run`: runs a document, ours or a foreign one, in the engine; what it calls may lie beside it. Exit 0 where it ended well,
 * 4 where remediation let a beat fail or asked for a person, 1 where it failed otherwise.
 */
export async function sequenceRunCommand(terminal: Terminal, file: string, options: SequenceRunOptions): Promise<void> {
  const place = await placeOf(terminal, file, options);
  await withHealing(terminal, { ...options, ...place }, async (healing) => {
    const plan = healing.plans[file] ?? (await readLinkedPlan(resolve(file), handlerNames(healing.plugins), Object.values(healing.plans)));
    for (const diagnostic of plan.unsupported) terminal.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
    healing.on('notice', (line) => terminal.stderr.write(`${line}\n`));
    healing.on('beat', (run) => terminal.stderr.write(`${run.outcome === 'ok' ? '✔' : '✖'} ${run.handler} ${run.durationMs} ms\n`));
    await healing.start();
    try {
      const result = await healing.runSequence(plan, await inputOf(options.input));
      await writeJson(terminal, options.json ?? '-', result);
      const codes = result.failures.map(({ code }) => code);
      exitWith(codes.length === 0 ? 0 : codes.some((code) => DECIDED.has(code)) ? 4 : 1);
    } catch (error) {
      if (!isSelfhealError(error) || !DECIDED.has(error.code)) throw error;
      terminal.stderr.write(`selfheal: ${error.message} [${error.code}]\n`);
      exitWith(4);
    }
  });
}

/**
 * The repository to work on: the one that is given, else a private copy of the project that the document names, kept with its records until
 * the next run, else the current folder.
 */
async function placeOf(terminal: Terminal, file: string, { repo, data }: SequenceRunOptions): Promise<{ repo: string; data?: string }> {
  if (repo !== undefined) return { repo };
  const { plan } = await readSequenceFile(resolve(file)).catch(() => ({ plan: undefined }));
  if (plan?.project === undefined) return { repo: '.' };
  const { takeSnapshot } = await import('selfheal/repair');
  const home = join(resolve(data ?? '.selfheal'), 'projects', plan.id.replaceAll(/[^\w.-]/g, '_'));
  const copy = await takeSnapshot(resolve(dirname(file), plan.project), { home });
  terminal.stderr.write(`works on a private copy of ${plan.project}: ${copy.root}\n`);
  return { repo: copy.root, data: copy.dataDir };
}

async function inputOf(text: string | undefined): Promise<unknown> {
  if (text === undefined) return {};
  const json = text.startsWith('@') ? await readFile(text.slice(1), 'utf8') : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new SelfhealError('INPUT_INVALID', `--input is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
