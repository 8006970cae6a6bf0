import { stripVTControlCharacters } from 'node:util';
import type { Checkout, Edit, TestReport, TestRunner, WarmSandbox } from '@selfheal/contracts';
import type { RepairPatch } from './repair-report.ts';

/** What the repository's own commands showed before any change. */
export interface OwnCommands {
  readonly sandbox: WarmSandbox;
  readonly checkout: Checkout;
  /** Absent where the repository has no tests. */
  readonly tests?: { readonly runner: TestRunner; readonly base: TestReport };
  /** Absent where the repository declares no check of its types. */
  readonly types?: { readonly command: string; readonly base: readonly string[] };
}

/** Lines that a type checker printed errors in; whether it could be run at all is told by `ran`. */
export interface TypeCheckRun {
  readonly ran: boolean;
  readonly errors: readonly string[];
}

/** The repository's own commands have the last word on a patch. Undefined where one of them is not content. */
export async function provePatch(own: OwnCommands, edits: readonly Edit[]): Promise<RepairPatch['proof'] | undefined> {
  const { sandbox, checkout, tests, types } = own;
  await checkout.reset();
  await checkout.apply(edits);
  const compiles = types === undefined ? undefined : await recheck(own, types);
  if (compiles === false) return undefined;
  const checked = types === undefined ? {} : { compiles: types.command };
  if (tests === undefined) return { passed: 0, fixed: [], broken: [], ...checked };
  const report = await sandbox.runTests(checkout, tests.runner, {});
  const passed = report.results.filter(({ status }) => status === 'passed').map(({ id }) => id);
  const held = tests.base.results.filter(({ status }) => status === 'passed').map(({ id }) => id);
  const broken = held.filter((id) => !passed.includes(id));
  const failed = report.results.filter(({ status }) => status === 'failed');
  if (failed.length > 0 || broken.length > 0 || passed.length === 0 || report.forged) return undefined;
  return { passed: passed.length, fixed: passed.filter((id) => !held.includes(id)), broken, ...checked };
}

/** Runs the repository's own check of its types. */
export async function checkTypes(sandbox: WarmSandbox, checkout: Checkout, command: string): Promise<TypeCheckRun> {
  const { exitCode, stdout, stderr } = await sandbox.run(checkout, command);
  const errors = `${stdout}\n${stderr}`.split('\n').filter((line) => /\berror\b.*\bTS\d+/.test(line));
  return { ran: exitCode === 0 || errors.length > 0, errors: errors.map(withoutPlace) };
}

/** No error may be there that was not there before. */
async function recheck({ sandbox, checkout }: OwnCommands, { command, base }: NonNullable<OwnCommands['types']>): Promise<boolean> {
  const { ran, errors } = await checkTypes(sandbox, checkout, command);
  return ran && errors.every((error) => base.includes(error));
}

/** Edits move lines: `src/a.ts(3,7): error TS2339: ...` or `src/a.ts:3:7 - error TS2339: ...`. */
function withoutPlace(line: string): string {
  return stripVTControlCharacters(line)
    .replace(/(\(\d+,\d+\)|:\d+:\d+)/, '')
    .trim();
}
