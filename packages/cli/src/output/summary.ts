import { type BeatRun, ERRORS, isErrorCode } from '@selfheal/contracts';
import { type HealReport, type IncidentReport, type ProposalReport, printable } from 'selfheal';
import type { Terminal } from '../terminal.ts';
import { colourDiff, duration, type Style, styleOf } from './style.ts';

const NOTHING_STORED = 'There is no telemetry so far: the logs hold no line, so nothing can be said of the health of the service.';

/** The closing summary of a heal: what, where, diff, test, proof, before and after. */
export function printSummary(terminal: Terminal, report: HealReport, options: { brief: boolean; nothingStored?: boolean }): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  if (report.incidents.length === 0) out(options.nothingStored === true ? NOTHING_STORED : healthInWords(report.findings));
  for (const incident of report.incidents) {
    if (options.brief) out(`${incident.id} ${incident.status} [${incident.type}] ${incident.title}`);
    else printIncident(terminal, incident, []);
  }
  for (const finding of report.findings) out(`${style.yellow('finding')} [${String(finding.type)}] ${String(finding.title)}`);
  for (const { path, code, message } of report.unread) {
    const known = isErrorCode(code) ? ERRORS[code] : undefined;
    const words = known === undefined ? message : `${known.title}: ${message}. ${known.fix}.`;
    out(`${style.yellow('not read')} ${path} — ${words} [${code}]`);
  }
  if (report.durations.total !== undefined && !options.brief) out(style.dim(`${duration(report.durations.total)} in all`));
}

/** Untested code is no sign of ill health; other findings may be. */
function healthInWords(findings: HealReport['findings']): string {
  if (findings.length === 0) return 'The telemetry is healthy.';
  return findings.every(({ type }) => type === 'coverage') ? 'The telemetry is healthy; findings:' : 'There is nothing to heal; findings:';
}

export function printIncident(terminal: Terminal, incident: IncidentReport, beats: readonly BeatRun[]): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  out('');
  out(`${style.bold(incident.title)}  ${statusColour(incident.status, style)}`);
  out(style.dim(`${incident.id} · ${incident.type} · fingerprint ${incident.fingerprint}`));
  if (incident.reason !== undefined) out(`  ${incident.reason}`);
  const { diagnosis, patch, validation, deployment, learning } = incident;
  if (diagnosis !== undefined) {
    out(`${style.bold('cause')}   ${diagnosis.rootCause}`);
    out(
      `        ${diagnosis.file}:${diagnosis.line}${diagnosis.function === undefined ? '' : ` in ${diagnosis.function}`} · severity ${diagnosis.severity} · confidence ${diagnosis.confidence.toFixed(2)}`,
    );
    for (const fact of diagnosis.evidence.slice(0, 6)) out(style.dim(`        · ${fact.statement}`));
    for (const guess of diagnosis.guesses.slice(0, 3)) out(style.dim(`        ? ${guess}`));
  }
  if (patch !== undefined) {
    const by = patch.model === undefined ? '' : ` ${style.yellow(`proposed by the model ${patch.model}`)}`;
    out(`${style.bold('fix')}     ${patch.template ?? 'test only'}${by}${patch.rationale === undefined ? '' : ` — ${patch.rationale}`}`);
    out(indent(colourDiff(patch.diff.trimEnd(), style), 8));
    for (const test of patch.tests) out(`${style.bold('test')}    ${test.title} (${test.file}): ${test.expectation}`);
  }
  for (const line of incident.proposals.flatMap((proposal) => proposalLines(proposal))) out(line);
  if (validation !== undefined) {
    out(`${style.bold('proof')}   ${validation.passed ? style.green('holds') : style.red('refused')} — ${validation.proof.detail}`);
    for (const check of validation.checks)
      out(`        ${check.passed ? style.green('✔') : style.red('✖')} ${check.name}: ${check.detail}`);
  }
  if (deployment !== undefined) {
    out(
      `${style.bold('shipped')} ${deployment.status}${deployment.mergeCommit === undefined ? '' : ` · merge ${deployment.mergeCommit.slice(0, 12)}`} · branch ${deployment.branch}${deployment.pullRequest === undefined ? '' : ` · pull request #${deployment.pullRequest.number}`}`,
    );
    if (deployment.verification !== undefined) out(`        ${deployment.verification.verdict}: ${deployment.verification.detail}`);
  }
  if (learning !== undefined) {
    for (const comparison of learning.comparisons.filter((entry) => entry.enoughData))
      out(`${style.bold('effect')}  ${comparison.metric}: ${round(comparison.before)} → ${round(comparison.after)}`);
    for (const insight of learning.insights.slice(0, 4)) out(style.dim(`        · ${insight.text}`));
  }
  for (const run of beats)
    out(
      style.dim(
        `  ${run.sequence.padEnd(18)} ${run.handler.padEnd(28)} ${duration(run.durationMs)}${run.outcome === 'ok' ? '' : ` failed: ${run.error ?? ''}`}`,
      ),
    );
}

/** Who was asked, what they said, and what came of it. */
function proposalLines({ model, round, decision, files, reasoning, result, detail, costUsd, id }: ProposalReport): string[] {
  const what = files.length === 0 ? (decision ?? 'no answer') : `edits ${files.join(', ')}`;
  return [
    printable(`asked   ${model ?? 'models'}, round ${round}: ${what} — ${result}: ${detail} ($${costUsd.toFixed(4)})`),
    ...(reasoning === undefined ? [] : [printable(`        says: ${reasoning.replaceAll(/\s+/g, ' ').slice(0, 300)}`)]),
    `        selfheal attempts show '${id}'`,
  ];
}

function statusColour(status: string, style: Style): string {
  if (['healed', 'merged'].includes(status)) return style.green(status);
  return ['failed', 'invalid', 'no_fix', 'reverted'].includes(status) ? style.red(status) : style.yellow(status);
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(spaces));
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
