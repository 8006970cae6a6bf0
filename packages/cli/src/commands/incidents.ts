import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

const CLOSED = new Set(['healed', 'merged', 'dismissed', 'reverted', 'rejected']);

export async function incidentsCommand(terminal: Terminal, options: CommonOptions & { all?: boolean }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const all = await healing.records.list('incident', {
      where: { projectId: healing.project.id },
      orderBy: { field: 'lastSeen', direction: 'desc' },
    });
    const shown = options.all === true ? all : all.filter((incident) => !CLOSED.has(incident.status));
    await writeJson(terminal, options.json, shown);
    if (options.json === '-') return;
    if (shown.length === 0)
      terminal.stdout.write(all.length === 0 ? 'No incident so far.\n' : `No open incident; ${all.length} closed (--all shows them).\n`);
    for (const incident of shown) {
      terminal.stdout.write(
        `${incident.id}  ${incident.status.padEnd(14)}  ${incident.severity.padEnd(8)}  [${incident.type}] ${incident.title}  ×${incident.occurrences}\n`,
      );
    }
  });
}
