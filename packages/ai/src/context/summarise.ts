import type { ContextPartName, FailureContext, FailureSubject } from '@selfheal/contracts';

const MAX_MESSAGE = 200;

/** One paragraph for people: what failed, with what error, where, and what else is there. */
export function summarise(subject: FailureSubject, parts: Partial<Pick<FailureContext, ContextPartName>>): string {
  const { error, logs, code } = parts;
  const tries = subject.attempts === undefined || subject.attempts < 2 ? '' : ` after ${subject.attempts} attempts`;
  const sentences = [
    `${whatFailed(subject)} failed${tries}${error ? ` with ${error.type}: ${firstLine(error.message)}` : ''}.`,
    code?.[0] === undefined
      ? ''
      : `Nearest code: ${code[0].function === undefined ? '' : `${code[0].function} in `}${code[0].file}, line ${code[0].startLine}.`,
    logs === undefined
      ? ''
      : `${logs.reduce((sum, line) => sum + line.count, 0)} log lines, ${logs.filter(isBad).length} of them of errors.`,
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function whatFailed({ sequence, beat, handler, incident }: FailureSubject): string {
  if (beat !== undefined)
    return `Beat "${beat}"${sequence === undefined ? '' : ` of sequence "${sequence}"`}${handler === undefined ? '' : ` (${handler})`}`;
  return incident === undefined ? 'Something' : `Incident "${incident.title}"`;
}

const isBad = (line: { level?: string | undefined }) => line.level !== undefined && /error|fatal|critical/i.test(line.level);

function firstLine(message: string): string {
  const line = message.split('\n')[0] ?? '';
  return line.length <= MAX_MESSAGE ? line : `${line.slice(0, MAX_MESSAGE)}…`;
}
