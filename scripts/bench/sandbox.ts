import {
  type ConfinementTool,
  escapeProbes,
  findConfinement,
  openProbeCopy,
  openProbedHost,
  runConfinedProgram,
  tryEscape,
} from '@selfheal/sandbox/testing';
import { median, type Row } from './table.ts';

const ROUNDS = 40;

/** What confinement costs a run, against the same program without it, by turns; and which of the ways out of it are held. */
export async function runSandboxBench(folder: string): Promise<Row[]> {
  const copy = await openProbeCopy(folder);
  const tools: readonly ConfinementTool[] = [await findConfinement(copy.etc, false), { kind: 'namespaces' }];
  const kinds = [...new Map(tools.map((tool) => [tool.kind, tool])).values()];
  const plain: ConfinementTool = { kind: 'none' };
  const times = new Map<string, number[]>();
  const measure = async (tool: ConfinementTool): Promise<void> => {
    const { durationMs } = await runConfinedProgram(['true'], copy, tool);
    times.set(tool.kind, [...(times.get(tool.kind) ?? []), durationMs]);
  };
  for (let round = 0; round < ROUNDS; round += 1) for (const tool of [plain, ...kinds]) await measure(tool);
  const cost = (kind: string): number => median(times.get(kind) ?? []);
  const rows: Row[] = kinds.map(({ kind }) => ({
    what: `${kind}: added to a run`,
    value: cost(kind) - cost('none'),
    unit: 'ms',
    bound: 30,
  }));
  await using host = await openProbedHost();
  for (const [group, probes] of Object.entries(escapeProbes)) {
    for (const tool of kinds) {
      const escaped: string[] = [];
      for (const probe of probes) {
        const { contained, detail } = await tryEscape(probe, host, copy, tool);
        process.stderr.write(`  ${tool.kind}: ${probe.name}: ${contained ? detail : `ESCAPED: ${detail}`}\n`);
        if (!contained) escaped.push(probe.name);
      }
      rows.push({ what: `${tool.kind}: ${group}: escaped of ${probes.length}`, value: escaped.length, unit: '', bound: 0 });
    }
  }
  const left = (await host.commandLines()).filter((line) => line.startsWith('bwrap ') && line.includes(copy.tree));
  return [...rows, { what: 'processes left', value: left.length, unit: '', bound: 0 }];
}
