import type { ServiceCause } from '@selfheal/contracts';
import { diagnoseFolder, type FolderDiagnosis, printable } from 'selfheal';
import { figure, instant, percent } from '../output/figures.ts';
import { type Style, styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import { timeOption } from './time-option.ts';

const SHOWN_CAUSES = 5;
const SHOWN_EVIDENCE = 3;
const MAX_LINE = 200;
const CONTRAST: Readonly<Record<FolderDiagnosis['contrast']['with'], string>> = {
  baseline: 'the fault-free stretch in it',
  before: 'what lies before',
  rest: 'the rest of it: hardly anything lies before',
  nothing: 'nothing',
};

/** `selfheal telemetry diagnose DIR`: which service caused a fault, and what shows it. Ends with 2 where all is healthy. Needs no repository and no engine. */
export async function telemetryDiagnoseCommand(
  terminal: Terminal,
  folder: string,
  options: { readonly at?: string; readonly json?: string },
): Promise<void> {
  const at = options.at === undefined ? undefined : timeOption('--at', options.at);
  const diagnosis = await diagnoseFolder(folder, { at });
  await writeJson(terminal, options.json, diagnosis);
  exitWith(diagnosis.healthy ? 2 : 0);
  for (const remark of diagnosis.read.remarks) terminal.stderr.write(`${printable(remark)}\n`);
  if (options.json !== '-') print(terminal, diagnosis);
}

function print(terminal: Terminal, { healthy, atMs, contrast, causes, summary, read }: FolderDiagnosis): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  const { files, spans, logs, metrics, leftOff } = read;
  out(`read ${figure(spans)} spans, ${figure(logs)} log lines, ${figure(metrics)} samples of ${figure(files)} files`);
  if (leftOff > 0) out(`  ${figure(leftOff)} more records were left off: give --at, or a smaller folder`);
  out(`  compared with ${CONTRAST[contrast.with]} (${figure(contrast.calls)} calls)`);
  if (healthy) {
    out(`${style.green('✔')} no service stands out: ${printable(summary)}`);
    return;
  }
  if (atMs !== undefined) out(`a fault since about ${instant(atMs)}`);
  for (const [index, cause] of causes.slice(0, SHOWN_CAUSES).entries()) for (const line of causeLines(index + 1, cause, style)) out(line);
  if (causes.length > SHOWN_CAUSES) out(`${causes.length - SHOWN_CAUSES} more with less evidence`);
}

function causeLines(rank: number, { service, operation, region, kind, confidence, score, evidence }: ServiceCause, style: Style): string[] {
  const head = `${rank}. ${style.bold(printable(service))}  ${kind}  confidence ${percent(confidence)}, evidence ${figure(score)}`;
  const place = [operation, region].flatMap((part) => (part === undefined ? [] : [printable(part)])).join(' · ');
  const reasons = evidence
    .slice(0, SHOWN_EVIDENCE)
    .flatMap(({ what, expected, seen, weight, examples }) => [
      `   - ${printable(what).slice(0, MAX_LINE)}: expected ${expected}, seen ${seen} (weight ${figure(weight)})`,
      ...examples.slice(0, 1).map((example) => `     ${style.dim(printable(example).slice(0, MAX_LINE))}`),
    ]);
  return [head, ...(place === '' ? [] : [`   ${place}`]), ...reasons];
}
