import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anomaly, anomaly, type Incident, type Ports, selfhealConfig, type TelemetryEvent } from '@selfheal/contracts';
import { createCodebase } from '@selfheal/repair';
import { createSandbox } from '@selfheal/sandbox';
import { openStore } from '@selfheal/store';
import { openLake } from '@selfheal/telemetry';

/** Time at which the rig's clock stands, epoch ms. */
export const NOW = 1_795_248_500_000;

export interface DiagnosisRig extends AsyncDisposable {
  readonly ports: Ports;
  /** Puts events into the lake, as telemetry.parse does. */
  addEvents(events: readonly TelemetryEvent[]): Promise<void>;
}

/** The ports that the handlers of diagnosis.analyze use, over a real store, lake and repository in a temporary folder. For tests. */
export async function diagnosisRig(root = '/nowhere'): Promise<DiagnosisRig> {
  const dataDir = await mkdtemp(join(tmpdir(), 'selfheal-diagnosis-'));
  const config = selfhealConfig.parse({});
  const store = await openStore({ dataDir });
  const { records } = store;
  const lake = await openLake({ dir: join(dataDir, 'lake'), records });
  const sandbox = createSandbox({ root, dataDir, config });
  const codebase = createCodebase({ root, dataDir, config, sandbox, records, projectId: 'shop' });
  const beat = {
    workflowId: 'w',
    sequence: 'diagnosis.analyze',
    beat: 'b',
    attempt: 1,
    key: 'w/b',
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  };
  const ports: Ports = {
    beat,
    project: { id: 'shop', root, dataDir, config },
    clock: { now: () => NOW },
    records,
    lake,
    sources: notUsed('sources'),
    codebase,
    sandbox,
    forge: notUsed('forge'),
  };
  return {
    ports,
    addEvents: async (events) => {
      const batch = await lake.write('shop', `batch-${events[0]?.id ?? 'none'}`, events);
      await records.put('batch', batch);
    },
    [Symbol.asyncDispose]: async () => {
      lake.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function notUsed<T extends object>(name: string): T {
  return new Proxy<T>(Object.create(null), {
    get: (_target, property) => {
      throw new Error(`diagnosis.analyze must not use ${name}.${String(property)}`);
    },
  });
}

export function sampleIncident(of: Anomaly, parts: Partial<Incident> = {}): Incident {
  return {
    id: `incident-${of.type}`,
    projectId: of.projectId,
    type: of.type,
    fingerprint: of.fingerprint,
    title: of.title,
    status: 'open',
    severity: of.severity,
    generation: 0,
    occurrences: 1,
    firstSeen: 0,
    lastSeen: 1,
    anomalyId: of.id,
    workflowId: 'w',
    createdAt: 0,
    updatedAt: 0,
    ...parts,
  };
}

/** Anomalies of the shop's release 1.5.0, made from fixtures/logs/shop-v1.4.0-v1.5.0.ndjson. */
export async function shopAnomalies(): Promise<Record<Anomaly['type'], Anomaly>> {
  const path = new URL('../../fixtures/diagnosis.analyze/shop-anomalies.json', import.meta.url);
  const { error, performance, behavioral, coverage } = JSON.parse(await readFile(path, 'utf8'));
  return {
    error: anomaly.parse(error),
    performance: anomaly.parse(performance),
    behavioral: anomaly.parse(behavioral),
    coverage: anomaly.parse(coverage),
  };
}
