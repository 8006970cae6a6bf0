import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnoseServices, findFault } from '@selfheal/anomaly';
import type { ServiceDiagnosis } from '@selfheal/contracts';
import { type FolderTelemetry, readServiceFolder } from '@selfheal/telemetry';
import type { Row } from './table.ts';

interface Fault {
  readonly day: string;
  readonly inject_time: string;
  readonly inject_pod: string;
  readonly inject_type: string;
}

/** Telemetry so far around a fault is read; faults of the set lie further apart. */
const AROUND_MS = 300_000;

/**
 * Root causes on faults of Train Ticket as published with Nezha (Yu et al., ESEC/FSE 2023), each with the time given and with the time found, and alarms in
 * the fault-free minutes and in the time before each fault. Reads `nezha_trainticket` under the folder of public data; without it nothing is measured.
 */
export async function runNezhaBench(_folder: string, data: string): Promise<Row[]> {
  const root = join(data, 'nezha_trainticket');
  const text = await readFile(join(root, 'faults.json'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    process.stdout.write(`\nnezha: not measured, there is no ${join(root, 'faults.json')}; give the folder of public data with --data\n`);
    return [];
  }
  const faults: Fault[] = JSON.parse(text);
  const normals = new Map<string, FolderTelemetry>();
  const right = { given: 0, found: 0, early: 0 };
  for (const fault of faults) {
    const at = Date.parse(`${fault.inject_time.replace(' ', 'T')}Z`);
    const { current, normal } = await readServiceFolder(join(root, fault.day), { keep: (ms) => Math.abs(ms - at) < AROUND_MS });
    normals.set(fault.day, normal);
    const service = fault.inject_pod.replace(/-[^-]+-[^-]+$/, '');
    const given = diagnoseServices(current, { at, baseline: normal });
    const found = findFault(current, { baseline: normal });
    const early = diagnoseServices(before(current, at - 60_000), { baseline: normal });
    right.given += rankOf(service, given) === 1 ? 1 : 0;
    right.found += rankOf(service, found) === 1 ? 1 : 0;
    right.early += early.healthy ? 0 : 1;
    process.stdout.write(
      `  ${fault.inject_time} ${fault.inject_type} in ${service}: given ${answer(service, given)}, found ${answer(service, found)}\n`,
    );
  }
  const alarms = alarmsInNormal(normals);
  const share = (count: number) => (100 * count) / faults.length;
  return [
    { what: 'faults', value: faults.length, unit: '' },
    { what: 'first answer right, time given', value: share(right.given), unit: '%' },
    { what: 'first answer right, time found', value: share(right.found), unit: '%' },
    { what: `alarms in ${alarms.of} comparisons of fault-free stretches`, value: alarms.count, unit: '', bound: 0 },
    { what: `alarms in what lies before each fault (${faults.length})`, value: right.early, unit: '', bound: 0 },
  ];
}

function rankOf(service: string, { causes }: ServiceDiagnosis): number {
  return causes.findIndex((cause) => cause.service === service) + 1;
}

function answer(service: string, diagnosis: ServiceDiagnosis): string {
  const rank = rankOf(service, diagnosis);
  const [first] = diagnosis.causes;
  const said =
    first === undefined ? 'nothing' : `${first.kind}${rank === 1 ? '' : ` in ${first.service}`}, evidence ${first.score.toFixed(1)}`;
  return `${rank === 1 ? 'right' : `rank ${rank === 0 ? 'none' : rank}`} (${said})`;
}

function before({ spans, logs }: FolderTelemetry, at: number): FolderTelemetry {
  return { spans: spans.filter(({ startMs }) => startMs < at), logs: logs.filter(({ atMs }) => atMs < at), metrics: [] };
}

/** Each fault-free stretch against each other, and alone. */
function alarmsInNormal(normals: ReadonlyMap<string, FolderTelemetry>): { count: number; of: number } {
  let [count, of] = [0, 0];
  for (const [day, normal] of normals) {
    const tried = [...normals].flatMap(([other, baseline]) => (other === day ? [] : [diagnoseServices(normal, { baseline })]));
    for (const { healthy } of [...tried, findFault(normal)]) {
      of += 1;
      count += healthy ? 0 : 1;
    }
  }
  return { count, of };
}
