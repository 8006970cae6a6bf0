import { incidentFor, incidentId, isActive, joinOccurrence, judgeReopening, reopenedIncident } from '@selfheal/anomaly';
import type { Anomaly, BeatOutput, Handler, Incident, Ports } from '@selfheal/contracts';
import { readClosedFacts } from './read-closed-facts.ts';

type Opened = BeatOutput<'storeAnomalyResults'>['incidents'][number];

/**
 * Sequence anomaly.detect, movement Results. Stores the anomalies and what was learned, and opens an incident for each cause that has
 * none. A cause that has one joins it; a closed incident opens again only on evidence from after its fix (see `judgeReopening`).
 * Idempotent: ids come from project, fingerprint and window, and the same evidence joins once.
 * Reads: incidents, and of closed ones deployment, diagnosis and the release's content. Writes: anomalies, incidents, models.
 * Fails: as the store and git do.
 */
export const storeAnomalyResults: Handler<'storeAnomalyResults'> = async ({ projectId, anomalies, learned }, ports) => {
  const { records } = ports;
  await records.putAll('anomaly', anomalies);
  await records.putAll('model', learned);
  const incidents: Opened[] = [];
  const findings: string[] = [];
  for (const anomaly of anomalies) {
    const known = await records.get('incident', incidentId(projectId, anomaly.fingerprint));
    if (anomaly.finding) findings.push(anomaly.id);
    if (known !== undefined) incidents.push(opened(await sighted(known, anomaly, ports), false));
    else if (!anomaly.finding) incidents.push(await open(anomaly, ports));
  }
  return { incidents, findings, learned: learned.length };
};

/** Where another sweep opened it meanwhile, that one stands. */
async function open(anomaly: Anomaly, { records, clock }: Ports): Promise<Opened> {
  const { record, inserted } = await records.insert('incident', incidentFor(anomaly, clock.now()));
  return opened(record, inserted);
}

async function sighted(known: Incident, anomaly: Anomaly, ports: Ports): Promise<Incident> {
  const facts = isActive(known) || anomaly.finding ? undefined : await readClosedFacts(known, anomaly, ports);
  const verdict = facts === undefined ? undefined : judgeReopening(known, anomaly, facts);
  const now = ports.clock.now();
  return ports.records.update('incident', known.id, (current) => {
    // What was judged must still be so: a heal may have moved it since.
    const isAsJudged = current.status === known.status && current.generation === known.generation;
    if (verdict?.reopen === true && isAsJudged) return reopenedIncident(current, anomaly, verdict.why, now);
    return joinOccurrence(current, anomaly, now, isActive(current));
  });
}

function opened({ id, fingerprint, workflowId, type, title, status }: Incident, isNew: boolean): Opened {
  return { id, fingerprint, workflowId, type, title, isNew, status };
}
