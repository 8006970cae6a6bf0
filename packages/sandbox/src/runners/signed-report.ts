import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const line = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('test'),
    file: z.string(),
    path: z.array(z.string()),
    status: z.enum(['passed', 'failed', 'skipped']),
    ms: z.number().optional(),
    error: z.object({ message: z.string(), stack: z.string().optional() }).optional(),
  }),
  z.object({ kind: z.literal('end'), count: z.int() }),
]);
type ReportLine = z.infer<typeof line>;
export type ReportedTest = Extract<ReportLine, { kind: 'test' }>;

export interface SignedReport {
  readonly tests: readonly ReportedTest[];
  /** The runner came to its end and told so. */
  readonly ended: boolean;
  /** Every line is ours, in order, with nothing between. A last line cut short by the end of the process is left out, not foreign. */
  readonly genuine: boolean;
}

/** Reads what the reporters in runtime/ wrote and checks the chain of signatures. */
export async function readSignedReport(file: string, key: string): Promise<SignedReport> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { tests: [], ended: false, genuine: false };
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const tests: ReportedTest[] = [];
  let previous = '';
  let ended = false;
  for (const entry of whole.split('\n').slice(0, -1)) {
    const [mac, body] = [entry.slice(0, 64), entry.slice(65)];
    const parsed =
      createHmac('sha256', key)
        .update(previous + body)
        .digest('hex') === mac
        ? line.safeParse(JSON.parse(body))
        : undefined;
    if (parsed?.success !== true || ended) return { tests, ended, genuine: false };
    previous = mac;
    if (parsed.data.kind === 'end') ended = parsed.data.count === tests.length;
    else tests.push(parsed.data);
  }
  return { tests, ended, genuine: true };
}
